import { operations } from '../../bridges/operations/catalog.ts';
import { AppError, type ErrorCode } from '../domain/errors.ts';
import type { Call } from './router.ts';

/** Questions about other people: so many at once, and one more after each pause. */
const burst = 5;
const pauseMs = 20_000;
const mostKept = 500;

/** Nobody asked WhatsApp anything when a call ends like this. */
const unasked: readonly ErrorCode[] = ['bridge_unavailable', 'not_linked', 'not_supported'];

/** How many questions may still be asked. */
class Allowance {
  #spent = 0;
  #at = 0;
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  take(): void {
    const now = this.#now();
    this.#spent = Math.max(0, this.#spent - Math.max(0, now - this.#at) / pauseMs);
    this.#at = now;
    if (this.#spent > burst - 1) {
      const seconds = Math.max(1, Math.ceil(((this.#spent - (burst - 1)) * pauseMs) / 1000));
      throw new AppError(
        'rate_limited',
        `WhatsApp restricts accounts that look up many people, so no more than ${60_000 / pauseMs} look-ups a minute go out after the first ${burst}. The next one is possible in ${seconds} seconds.`,
        { details: { retry_after_seconds: seconds } },
      );
    }
    this.#spent++;
  }

  giveBack(): void {
    this.#spent = Math.max(0, this.#spent - 1);
  }
}

/**
 * The same calls, with questions that are to be asked gently (`lookup` in the port) answered from memory while an answer
 * is good, and with `rate_limited` when there were too many. One for both bridges: they work for one account.
 */
export function createLookups(call: Call, now: () => number = Date.now): Call {
  const kept = new Map<string, { at: number; answer: unknown }>();
  const allowance = new Allowance(now);

  const counted: Call = async (name, input, options) => {
    allowance.take();
    try {
      return await call(name, input, options);
    } catch (error) {
      if (error instanceof AppError && unasked.includes(error.code)) allowance.giveBack();
      throw error;
    }
  };

  return async (name, input, options) => {
    const { lookup } = operations[name];
    if (!lookup) return call(name, input, options);
    const key = `${name} ${JSON.stringify(input)}`;
    const known = kept.get(key);
    const age = known && Math.max(0, Math.floor((now() - known.at) / 1000));
    type Answer = Awaited<ReturnType<typeof call<typeof name>>>;
    if (age !== undefined && age < lookup.kept) return { ...(known?.answer as Answer), age_seconds: age };
    const answer = await (lookup.counted ? counted : call)(name, input, options);
    kept.delete(key);
    kept.set(key, { at: now(), answer });
    const [oldest] = kept.keys();
    if (oldest !== undefined && kept.size > mostKept) kept.delete(oldest);
    return { ...answer, age_seconds: 0 };
  };
}
