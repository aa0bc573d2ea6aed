#!/usr/bin/env node
import { protocolOutput } from './stdout.ts';

// Loads everything else after the stdout guard, and only what the command needs.
const { runCommandLine } = await import('./cli/program.ts');
const exitCode = await runCommandLine(process.argv.slice(2));
// Baileys leaves timers behind that would keep the process alive for half a minute.
if (exitCode !== undefined) protocolOutput.write('', () => process.exit(exitCode));
