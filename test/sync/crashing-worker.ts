import { parentPort } from 'node:worker_threads';

/** A worker that exits at the first request. */
parentPort?.on('message', () => {
  throw new Error('crashed on purpose');
});
