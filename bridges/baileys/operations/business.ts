import type { Handlers } from '../../operations/catalog.ts';
import { readySocket } from '../connection/ready-socket.ts';
import type { Session } from '../connection/session.ts';
import { abortable } from './abortable.ts';
import { BusinessQueries } from './business-queries.ts';
import { CatalogCache } from './catalog.ts';

/** `timeoutMs`: timeout of one request to WhatsApp. */
export function businessHandlers(session: Session, now: () => number, timeoutMs: number) {
  const queries = new BusinessQueries(() => readySocket(session), timeoutMs);
  const offers = new CatalogCache(queries, now);
  return {
    'business.profile': async ({ jid }, signal) => abortable(queries.profile(await queries.addressOf(jid)), signal),
    'business.catalog': (asked, signal) => offers.catalog(asked, signal),
    'business.product': (asked, signal) => offers.product(asked, signal),
    'business.collections': (asked, signal) => offers.collections(asked, signal),
    'business.order': ({ order_id, token }, signal) => abortable(queries.order(order_id, token), signal),
  } satisfies Partial<Handlers>;
}
