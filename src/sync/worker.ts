import '../stdout.ts';
import { parentPort, workerData } from 'node:worker_threads';
import { AppError } from '../domain/errors.ts';
import { asSyncFailure } from './failure.ts';
import type { Request, Response, WireError, WorkerSettings } from './worker-protocol.ts';
import { createWorkerTasks } from './worker-tasks.ts';

/** The thread that is the only writer of messages.db and search.db in this process. */
const port = parentPort;
if (!port) throw new Error('This file runs in a worker thread.');
const jobs = createWorkerTasks(workerData as WorkerSettings);
const running = new Map<number, AbortController>();
const send = (response: Response) => port.postMessage(response);

function run(request: Extract<Request, { kind: 'call' }>, signal: AbortSignal) {
  const progress = (done: number, total: number | null, message: string) =>
    send({ kind: 'progress', id: request.id, done, total, message });
  switch (request.method) {
    case 'transfer':
      return jobs.transfer(request.params.lane, {
        signal,
        progress,
        onCounts: (value) => send({ kind: 'counts', id: request.id, value }),
      });
    case 'index':
      return jobs.index(request.params.timeoutMs, signal);
    case 'clear':
      return jobs.clear(request.params.force);
  }
}

async function answer(request: Extract<Request, { kind: 'call' }>): Promise<void> {
  const controller = new AbortController();
  running.set(request.id, controller);
  try {
    send({ kind: 'result', id: request.id, value: await run(request, controller.signal) });
  } catch (error) {
    send({ kind: 'error', id: request.id, error: toWire(error) });
  } finally {
    running.delete(request.id);
  }
}

/** SQLite's messages name tables and codes, never values; still, only the fault and its file are shown. */
function toWire(error: unknown): WireError {
  const { code, message, hint, retryable, details } = asSyncFailure(error);
  const cause = error instanceof AppError ? error.cause : error;
  const stack = cause instanceof Error ? (cause.stack ?? cause.message) : cause === undefined ? null : String(cause);
  return { code, message, hint, retryable, details: details ?? null, cause: stack };
}

/** Safe at any time: every commit is complete, and the next transfer resumes the rest. */
function close(): void {
  for (const controller of running.values()) controller.abort();
  jobs.close();
  process.exit(0);
}

port.on('message', (request: Request) => {
  if (request.kind === 'call') void answer(request);
  else if (request.kind === 'cancel') running.get(request.id)?.abort();
  else close();
});
