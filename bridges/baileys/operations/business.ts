import { AppError, type ErrorCode } from '../../../src/domain/errors.ts';
import type { Collection, Order, Product, Profile } from '../../operations/business.ts';
import type { Handlers } from '../../operations/catalog.ts';
import type { BinaryNode } from '../library/library.ts';
import { catalogPage, collectionsPage, orderOf, profileOf, type WirePage } from '../translate/business.ts';
import { abortable } from './abortable.ts';
import { CatalogCache, type CatalogSource } from './catalog.ts';
import type { OperationContext } from './context.ts';

export function businessHandlers(context: OperationContext) {
  const queries = new BusinessQueries(context);
  const offers = new CatalogCache(queries, context.now);
  return {
    'business.profile': async ({ jid }, signal) => abortable(queries.profile(await queries.addressOf(jid)), signal),
    'business.catalog': (asked, signal) => offers.catalog(asked, signal),
    'business.product': (asked, signal) => offers.product(asked, signal),
    'business.collections': (asked, signal) => offers.collections(asked, signal),
    'business.order': ({ order_id, token }, signal) => abortable(queries.order(order_id, token), signal),
  } satisfies Partial<Handlers>;
}

const server = '@s.whatsapp.net';
/** Products per page and per collection. WhatsApp may send fewer. */
const pageSize = 50;
const imagePixels = 100;

const leaf = (tag: string, value: string | number): BinaryNode => ({
  tag,
  attrs: {},
  content: Buffer.from(String(value)),
});
const pictures = [leaf('width', imagePixels), leaf('height', imagePixels)];
const nextPage = (after: string | undefined): BinaryNode[] => (after === undefined ? [] : [leaf('after', after)]);

const get = (xmlns: string, content: BinaryNode, more: Record<string, string> = {}): BinaryNode => ({
  tag: 'iq',
  attrs: { to: server, type: 'get', xmlns, ...more },
  content: [content],
});

const isError = (error: unknown, code: ErrorCode): boolean => error instanceof AppError && error.code === code;

/**
 * WhatsApp leaves catalog requests of many accounts unanswered, while it answers their other requests: see
 * docs/decisions.md.
 */
const rarelyAnsweredHint =
  'WhatsApp did not answer. It leaves this question unanswered for many accounts, so trying again may not help; the WhatsApp app shows what the business offers.';

/** Marks a list that WhatsApp does not have as `absent`; the profile of the business tells the reason. */
async function orAbsent<T>(answer: Promise<WirePage<T> | undefined>): Promise<WirePage<T>> {
  const page = await answer.catch((error: unknown) => {
    if (isError(error, 'not_found')) return undefined;
    if (isError(error, 'upstream_unanswered'))
      throw new AppError('upstream_unanswered', rarelyAnsweredHint, { cause: error });
    throw error;
  });
  return page ?? { items: [], skipped: 0, after: undefined, absent: true };
}

/**
 * Requests about businesses. The library's own functions treat silence as an empty answer, invent an availability and
 * read only the first website, so we send the same stanzas and parse the answers ourselves.
 */
class BusinessQueries implements CatalogSource {
  readonly #context: OperationContext;

  constructor(context: OperationContext) {
    this.#context = context;
  }

  async profile(jid: string): Promise<Profile> {
    const content = [{ tag: 'profile', attrs: { jid } }];
    const request = get('w:biz', { tag: 'business_profile', attrs: { v: '244' }, content });
    try {
      return profileOf(await this.#context.ask(request, 'business profile'));
    } catch (error) {
      if (isError(error, 'not_found')) return { is_business: false };
      throw error;
    }
  }

  catalog(jid: string, after: string | undefined): Promise<WirePage<Product>> {
    const content = [leaf('limit', pageSize), ...pictures, ...nextPage(after)];
    const request = { tag: 'product_catalog', attrs: { jid, allow_shop_source: 'true' }, content };
    return orAbsent(this.#context.ask(get('w:biz:catalog', request), 'catalog').then(catalogPage));
  }

  collections(jid: string, after: string | undefined): Promise<WirePage<Collection>> {
    const limits = [leaf('collection_limit', pageSize), leaf('item_limit', pageSize)];
    const request = {
      tag: 'collections',
      attrs: { biz_jid: jid },
      content: [...limits, ...pictures, ...nextPage(after)],
    };
    const answer = this.#context.ask(get('w:biz:catalog', request, { smax_id: '35' }), 'collections');
    return orAbsent(answer.then((node) => collectionsPage(node, pageSize)));
  }

  async order(id: string, token: string): Promise<Order> {
    const content = [{ tag: 'image_dimensions', attrs: {}, content: pictures }, leaf('token', token)];
    const request = get('fb:thrift_iq', { tag: 'order', attrs: { op: 'get', id }, content }, { smax_id: '5' });
    const order = orderOf(await this.#context.ask(request, 'order'));
    if (!order) throw new AppError('not_found', 'WhatsApp has no order with this id and token.');
    return order;
  }

  /** The PN address for a LID, if this device knows it; otherwise the address unchanged. */
  async addressOf(jid: string): Promise<string> {
    if (!jid.endsWith('@lid')) return jid;
    const socket = await this.#context.socket();
    return (await socket.signalRepository.lidMapping.getPNForLID(jid))?.replace(/:\d+@/, '@') ?? jid;
  }
}
