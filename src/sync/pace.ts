import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { AppError } from '../domain/errors.ts';
import type { Db } from '../store/database.ts';

const pauseMs = 2;
const politeForMs = 2000;

/**
 * What happens between two transactions: the event loop turns, a cancelled call ends here, and while another process
 * writes the same file, the lock is left free for a real 2 ms. Yielding the event loop alone would not yield the lock.
 */
export interface Pace {
  rest(signal?: AbortSignal): Promise<void>;
}

export function createPace(db: Db): Pace {
  let seen = version(db);
  let politeUntil = 0;
  return {
    rest: async (signal) => {
      const current = version(db);
      if (current !== seen) politeUntil = Date.now() + politeForMs;
      seen = current;
      if (Date.now() < politeUntil) await sleep(pauseMs);
      else await nextTurn();
      if (signal?.aborted) throw new AppError('cancelled', 'The copy was stopped; what was copied stays.');
    },
  };
}

/** Changes when another connection has committed. */
const version = (db: Db): number => db.pragma('main.data_version', { simple: true }) as number;
