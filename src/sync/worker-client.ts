import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { packageRoot } from '../config.ts';
import { AppError } from '../domain/errors.ts';
import { hasFoundDamage, noteDamage, storeFailure } from '../store/files/failure.ts';
import { asSyncFailure } from './failure.ts';
import { createHistoryCopy } from './history-copy.ts';
import type { Sync, TransferOptions } from './sync.ts';
import type { Method, Methods, Request, Response, WireError, WorkerSettings } from './worker-protocol.ts';

export interface SyncOptions extends WorkerSettings {
  /** The bundled worker; by default the one of this package. */
  workerPath?: string;
  log?: (fields: Record<string, unknown>, message: string) => void;
}

interface Pending {
  resolve(value: never): void;
  reject(error: AppError): void;
  options: TransferOptions;
}

const closeWithinMs = 200;

/** The worker thread as `Sync`: started at the first call, and restarted after a crash. */
export function createSync(options: SyncOptions): Sync {
  const thread = new WorkerThread(options);
  const { messages } = options.paths;
  // The thread writes to pages that may be in order; what this one has read says that others are not.
  const transfer: Sync['transfer'] = async (lane, callOptions) => {
    if (hasFoundDamage(messages)) throw asSyncFailure(storeFailure('damaged', messages));
    return thread.call('transfer', { lane }, callOptions);
  };
  return {
    transfer,
    copyHistory: createHistoryCopy(transfer),
    index: (timeoutMs) => thread.call('index', { timeoutMs }),
    clearStaging: (force) => thread.call('clear', { force }),
    close: () => thread.close(),
  };
}

class WorkerThread {
  readonly #options: SyncOptions;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #lastId = 0;
  #closed = false;

  constructor(options: SyncOptions) {
    this.#options = options;
  }

  call<M extends Method>(
    method: M,
    params: Methods[M]['params'],
    options: TransferOptions = {},
  ): Promise<Methods[M]['result']> {
    const { signal } = options;
    if (this.#closed || signal?.aborted) return Promise.reject(new AppError('cancelled', 'The call was cancelled.'));
    const worker = this.#start();
    const id = ++this.#lastId;
    const cancel = () => post(worker, { kind: 'cancel', id });
    signal?.addEventListener('abort', cancel, { once: true });
    return new Promise<Methods[M]['result']>((resolve, reject) => {
      this.#pending.set(id, { resolve, reject, options });
      worker.ref();
      post(worker, { kind: 'call', id, method, params } as Request);
    }).finally(() => signal?.removeEventListener('abort', cancel));
  }

  /** Ends the thread within 200 ms at any point of its work: SQLite keeps all commits. */
  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (!worker) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    post(worker, { kind: 'close' });
    const timer = setTimeout(() => void worker.terminate(), closeWithinMs);
    await ended;
    clearTimeout(timer);
  }

  #start(): Worker {
    if (this.#worker) return this.#worker;
    const { workerPath = join(packageRoot(), 'dist', 'worker.js'), paths, quietMs } = this.#options;
    const worker = new Worker(workerPath, { workerData: { paths, quietMs }, stdout: true, stderr: true, execArgv: [] });
    // Discards both streams, because neither may reach the protocol; results arrive as messages.
    worker.stdout.resume();
    worker.stderr.resume();
    worker.on('message', (response: Response) => this.#receive(response));
    worker.on('error', (error) => this.#lose(worker, error));
    worker.on('exit', () => this.#lose(worker));
    worker.unref();
    this.#worker = worker;
    return worker;
  }

  #receive(response: Response): void {
    const call = this.#pending.get(response.id);
    if (!call) return;
    if (response.kind === 'progress') {
      call.options.progress?.(response.done, response.total, response.message);
      return;
    }
    if (response.kind === 'counts') {
      call.options.onCounts?.(response.value);
      return;
    }
    this.#pending.delete(response.id);
    if (this.#pending.size === 0) this.#worker?.unref();
    if (response.kind === 'result') call.resolve(response.value as never);
    else call.reject(this.#fromWire(response.error));
  }

  #fromWire({ code, message, hint, retryable, details, cause }: WireError): AppError {
    if (details?.['file'] === 'messages.db' && details['reason'] === 'damaged')
      noteDamage(this.#options.paths.messages);
    if (cause) this.#options.log?.({ cause }, 'The sync worker failed');
    return new AppError(code, message, {
      hint,
      retryable,
      ...(details ? { details } : {}),
      ...(cause ? { cause: new Error(cause) } : {}),
    });
  }

  /** The thread ended: pending calls fail, and the next call starts a new thread. */
  #lose(worker: Worker, error?: Error): void {
    if (this.#worker === worker) this.#worker = undefined;
    if (error) this.#options.log?.({ cause: error.message }, 'The sync worker ended');
    for (const [id, call] of this.#pending) {
      this.#pending.delete(id);
      call.reject(
        this.#closed
          ? new AppError('cancelled', 'The program is closing.')
          : new AppError('database_sync_failed', 'The sync worker ended unexpectedly.', error ? { cause: error } : {}),
      );
    }
  }
}

function post(worker: Worker, request: Request): void {
  worker.postMessage(request);
}
