#!/usr/bin/env node
import './stdout.ts';

// Everything else is loaded after the guard on stdout stands, and only as far as the command needs it.
const { runCommandLine } = await import('./cli/program.ts');
process.exitCode = await runCommandLine(process.argv.slice(2));
