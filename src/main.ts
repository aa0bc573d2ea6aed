#!/usr/bin/env node
import { protocolOutput } from './stdout.ts';

// Everything else is loaded after the guard on stdout stands, and only as far as the command needs it.
const { runCommandLine } = await import('./cli/program.ts');
const exitCode = await runCommandLine(process.argv.slice(2));
// Baileys leaves timers of its own behind that would hold the process for half a minute.
if (exitCode !== undefined) protocolOutput.write('', () => process.exit(exitCode));
