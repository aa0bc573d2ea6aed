import type { Sync } from './sync.ts';

/** Copies live rows to messages.db soon after they were staged. */
export interface LiveMover {
  /** Rows were staged in the live lane; cheap enough to call after every commit. */
  notify(): void;
  close(): void;
}

const gatherMs = 100;
const firstRetryMs = 1000;
const lastRetryMs = 30_000;

/** Combines notifications within a short time into one copy; retries a failed copy at growing intervals. */
export function createLiveMover(sync: Pick<Sync, 'transfer'>, onError: (error: unknown) => void = () => {}): LiveMover {
  let timer: NodeJS.Timeout | undefined;
  let running = false;
  let again = false;
  let closed = false;
  let retryMs = firstRetryMs;

  const schedule = (delay: number) => {
    if (closed || timer) return;
    timer = setTimeout(() => {
      timer = undefined;
      void move();
    }, delay);
    timer.unref();
  };
  const move = async () => {
    running = true;
    again = false;
    try {
      await sync.transfer('live');
      retryMs = firstRetryMs;
    } catch (error) {
      if (closed) return;
      onError(error);
      schedule(retryMs);
      retryMs = Math.min(lastRetryMs, retryMs * 2);
    } finally {
      running = false;
    }
    if (again) schedule(gatherMs);
  };
  return {
    notify: () => {
      again = true;
      if (!running) schedule(gatherMs);
    },
    close: () => {
      closed = true;
      clearTimeout(timer);
    },
  };
}
