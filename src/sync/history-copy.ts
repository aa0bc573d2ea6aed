import { AppError } from '../domain/errors.ts';
import type { CopyResult, CopyWait, Progress, Sync, TransferResult } from './sync.ts';

/** A copy of the history that calls wait for. It continues when their answers come before its end. */
interface Running {
  result: Promise<TransferResult>;
  soFar: TransferResult;
  watchers: Set<Progress>;
  waiting: number;
  stop(): void;
}

const nothing: TransferResult = { messages_synced: 0, duplicates_skipped: 0, failed: 0, chats_synced: 0 };

const sum = (one: TransferResult, other: TransferResult): TransferResult => ({
  messages_synced: one.messages_synced + other.messages_synced,
  duplicates_skipped: one.duplicates_skipped + other.duplicates_skipped,
  failed: one.failed + other.failed,
  chats_synced: one.chats_synced + other.chats_synced,
});

/** Makes `Sync.copyHistory`: one copy at a time, which later calls join. Each row is counted in exactly one answer. */
export function createHistoryCopy(transfer: Sync['transfer']): Sync['copyHistory'] {
  let running: Running | undefined;
  let unreported = nothing; // from copies that ended without a waiting call

  const start = (): Running => {
    const controller = new AbortController();
    const copy: Running = {
      result: transfer('history', {
        signal: controller.signal,
        progress: (...report) => copy.watchers.forEach((watch) => void watch(...report)),
        onCounts: (counts) => {
          copy.soFar = counts;
        },
      }),
      soFar: nothing,
      watchers: new Set(),
      waiting: 0,
      stop: () => {
        if (running === copy) running = undefined; // a later call starts a new copy after this one
        controller.abort();
      },
    };
    const over = () => {
      if (running === copy) running = undefined;
    };
    copy.result.then((result) => {
      over();
      if (copy.waiting === 0) unreported = sum(unreported, result);
    }, over);
    return copy;
  };

  return async ({ signal, progress, limitMs }) => {
    running ??= start();
    const copy = running;
    copy.waiting++;
    copy.watchers.add(progress);
    try {
      const result = await ended(copy.result, { signal, limitMs });
      if (!result) return { ...sum(unreported, copy.soFar), status: 'in_progress' };
      const all = sum(unreported, result);
      unreported = nothing;
      return { ...all, status: 'completed' } satisfies CopyResult;
    } finally {
      copy.watchers.delete(progress);
      copy.waiting--;
      if (signal.aborted && copy.waiting === 0) copy.stop();
    }
  };
}

/** The result, or undefined when the time is up; rejects with `cancelled` when the caller aborts. */
function ended(
  result: Promise<TransferResult>,
  { signal, limitMs }: Pick<CopyWait, 'signal' | 'limitMs'>,
): Promise<TransferResult | undefined> {
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new AppError('cancelled', 'The copy was stopped; what was copied stays.'));
    if (signal.aborted) return cancel();
    signal.addEventListener('abort', cancel, { once: true });
    const timer = Number.isFinite(limitMs) ? setTimeout(() => resolve(undefined), limitMs) : undefined;
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
    };
    result.then(resolve, reject).finally(settle);
    if (timer) timer.unref();
  });
}
