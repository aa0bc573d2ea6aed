#!/usr/bin/env node
import { protocolOutput } from './stdout.ts';

// Loads everything else after the stdout guard, and only what the command needs.
const exitCode = await run().catch(outOfFiles);
// Baileys leaves timers behind that would keep the process alive for half a minute.
if (exitCode !== undefined) protocolOutput.write('', () => process.exit(exitCode));

async function run(): Promise<number | undefined> {
  const { runCommandLine } = await import('./cli/program.ts');
  return runCommandLine(process.argv.slice(2));
}

/** What would explain the error cannot be loaded either. */
function outOfFiles(error: NodeJS.ErrnoException): number {
  if (error.code !== 'EMFILE' && error.code !== 'ENFILE') throw error;
  process.stderr.write(
    'The system lets this process have too few files open.\nRaise the limit, for example with `ulimit -n 1024`, and start it again.\n',
  );
  return 1;
}
