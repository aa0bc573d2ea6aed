import type { AllowanceStore, Used } from '../domain/allowance.ts';
import { AppError } from '../domain/errors.ts';
import type { Logger } from '../log.ts';
import { uptimeMs } from '../system/uptime.ts';

/** Queries about other people: this many at once, and one more after each pause. */
const burst = 5;
const pauseMs = 20_000;

export interface AllowanceDeps {
  /** Called for each look-up; may throw. */
  store(): AllowanceStore;
  log: Pick<Logger, 'warn'>;
  /** Milliseconds of a monotonic clock that restarts with the machine. */
  now?: () => number;
}

/** Counts the queries that are still allowed. Where the shared file fails, this process counts alone. */
export class TokenBucket {
  #last: Used | undefined;
  #warned = false;
  readonly #deps: AllowanceDeps;

  constructor(deps: AllowanceDeps) {
    this.#deps = deps;
  }

  /** Throws `rate_limited`, with the seconds until the next query, when none is allowed now. */
  take(): void {
    this.#change((used) => {
      if (used > burst - 1) throw tooMany(used);
      return used + 1;
    });
  }

  refund(): void {
    this.#change((used) => Math.max(0, used - 1));
  }

  #change(change: (used: number) => number): void {
    const { store, log, now = uptimeMs } = this.#deps;
    const at = now();
    const changed = (kept: Used | undefined): Used => {
      const used = Math.max(stillUsed(kept, at), stillUsed(this.#last, at));
      return { used: change(used), at };
    };
    let next: Used | undefined;
    try {
      store().update((kept) => {
        next = changed(kept);
        return next;
      });
      this.#last = next;
    } catch (error) {
      if (error instanceof AppError) throw error;
      if (!this.#warned) log.warn({ err: error }, 'look-ups are counted in memory: their file cannot be used');
      this.#warned = true;
      this.#last = changed(undefined);
    }
  }
}

/** What is still used. A clock before the recorded time was restarted since: at least its whole value has passed. */
function stillUsed(kept: Used | undefined, now: number): number {
  if (!kept) return 0;
  const elapsed = now >= kept.at ? now - kept.at : now;
  return Math.max(0, Math.min(burst, kept.used) - Math.max(0, elapsed) / pauseMs);
}

function tooMany(used: number): AppError {
  const seconds = Math.max(1, Math.ceil(((used - (burst - 1)) * pauseMs) / 1000));
  return new AppError(
    'rate_limited',
    `WhatsApp restricts accounts that look up many people, so no more than ${60_000 / pauseMs} look-ups a minute go out after the first ${burst}. The next one is possible in ${seconds} seconds.`,
    { details: { retry_after_seconds: seconds } },
  );
}
