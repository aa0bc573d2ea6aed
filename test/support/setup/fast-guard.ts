import childProcess from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import threads from 'node:worker_threads';

/** Replaces a function that a fast test must not call. */
function refused(name: string): () => never {
  return function refuse() {
    throw new Error(`A fast test does not call ${name}: name its file among the wire tests in test/kinds.ts.`);
  };
}

for (const name of ['spawn', 'spawnSync', 'exec', 'execSync', 'execFile', 'execFileSync', 'fork'] as const) {
  Object.defineProperty(childProcess, name, { value: refused(name) });
}
Object.defineProperty(threads, 'Worker', { value: refused('Worker') });
net.Server.prototype.listen = refused('listen');
net.Socket.prototype.connect = refused('connect');
syncBuiltinESMExports();
