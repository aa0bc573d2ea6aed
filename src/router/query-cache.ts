import { operations } from '../../bridges/operations/catalog.ts';
import { AppError, type ErrorCode } from '../domain/errors.ts';
import { uptimeMs } from '../system/uptime.ts';
import { type AllowanceDeps, TokenBucket } from './allowance.ts';
import type { Call } from './router.ts';

const maxKept = 500;

/** A call that ends with one of these errors has not sent anything to WhatsApp. */
const errorsBeforeRequest: readonly ErrorCode[] = ['bridge_unavailable', 'not_linked', 'not_supported'];

/**
 * Wraps `call`: answers queries with a `lookup` policy from the cache while an entry is fresh, and rejects with
 * `rate_limited` when there were too many. Both bridges share it, because they work for one account.
 */
export function createQueryCache(call: Call, deps: AllowanceDeps): Call {
  const { now = uptimeMs } = deps;
  const cache = new Map<string, { at: number; answer: unknown }>();
  const allowance = new TokenBucket(deps);

  const counted: Call = async (name, input, options) => {
    allowance.take();
    try {
      return await call(name, input, options);
    } catch (error) {
      if (error instanceof AppError && errorsBeforeRequest.includes(error.code)) allowance.refund();
      throw error;
    }
  };

  return async (name, input, options) => {
    const { lookup } = operations[name];
    if (!lookup) return call(name, input, options);
    const key = `${name} ${JSON.stringify(input)}`;
    const known = cache.get(key);
    const age = known && Math.floor((now() - known.at) / 1000);
    type Answer = Awaited<ReturnType<typeof call<typeof name>>>;
    if (age !== undefined && age < lookup.cacheSeconds) return { ...(known?.answer as Answer), age_seconds: age };
    const answer = await (lookup.rateLimited ? counted : call)(name, input, options);
    cache.delete(key);
    cache.set(key, { at: now(), answer });
    const [oldest] = cache.keys();
    if (oldest !== undefined && cache.size > maxKept) cache.delete(oldest);
    return { ...answer, age_seconds: 0 };
  };
}
