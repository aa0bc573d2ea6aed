import { AppError } from '../../../src/domain/errors.ts';
import { business, type Collection, type Product, type Profile } from '../../operations/business.ts';
import type { OperationInput, OperationOutput } from '../../operations/catalog.ts';
import type { WirePage } from '../translate/business.ts';
import { abortable } from './abortable.ts';
import { type CachedList, CachedLists } from './cached-list.ts';

/** Where catalogs come from. `after`: the cursor of the page before, undefined for the first. */
export interface CatalogSource {
  profile(jid: string): Promise<Profile>;
  catalog(jid: string, after: string | undefined): Promise<WirePage<Product>>;
  collections(jid: string, after: string | undefined): Promise<WirePage<Collection>>;
  /** The PN address for a LID, if this device knows it; otherwise the address unchanged. */
  addressOf(jid: string): Promise<string>;
}

interface Asked {
  jid: string;
  limit: number;
  cursor?: string | undefined;
}

const never = (): boolean => false;

/** The entries after the cursor, and the next cursor. */
function pageOf<T extends { id: string }>(
  shown: readonly T[],
  { limit, cursor }: Asked,
  shelf: CachedList<T>,
  stopped: AppError | undefined,
): { items: T[]; next_cursor: string | null } {
  const from = cursor === undefined ? 0 : shown.findIndex(({ id }) => id === cursor) + 1;
  if (cursor !== undefined && from === 0) {
    if (stopped) throw stopped;
    throw new AppError(
      'invalid_input',
      'cursor is no next_cursor of this list, or the list has changed; leave it out.',
    );
  }
  const items = shown.slice(from, from + limit);
  if (items.length === 0 && stopped) throw stopped;
  const more = from + limit < shown.length || !shelf.hasEnded;
  return { items, next_cursor: more ? (items.at(-1)?.id ?? cursor ?? null) : null };
}

/** The catalogs of businesses; recent lists are answered from the cache with their age. */
export class CatalogCache {
  readonly #queries: CatalogSource;
  readonly #catalogs: CachedLists<Product>;
  readonly #collections: CachedLists<Collection>;

  constructor(queries: CatalogSource, now: () => number) {
    this.#queries = queries;
    this.#catalogs = new CachedLists((jid, after) => queries.catalog(jid, after), now);
    this.#collections = new CachedLists((jid, after) => queries.collections(jid, after), now);
  }

  async catalog(asked: Asked, signal?: AbortSignal): Promise<OperationOutput<'business.catalog'>> {
    const { shelf, stopped } = await this.#read(this.#catalogs, 'business.catalog', asked, signal);
    const shown = shelf.entries.filter(({ is_hidden }) => !is_hidden);
    const { items, next_cursor } = pageOf(shown, asked, shelf, stopped);
    return {
      product_count: shown.length,
      product_count_is_exact: shelf.isComplete,
      products: items,
      next_cursor,
      hidden_count: shelf.entries.length - shown.length,
      skipped_count: shelf.skipped,
      age_seconds: shelf.age,
    };
  }

  async collections(asked: Asked, signal?: AbortSignal): Promise<OperationOutput<'business.collections'>> {
    const { shelf, stopped } = await this.#read(this.#collections, 'business.collections', asked, signal);
    const { items, next_cursor } = pageOf(shelf.entries, asked, shelf, stopped);
    return {
      collections: items,
      collection_count: shelf.entries.length,
      collection_count_is_exact: shelf.isComplete,
      next_cursor,
      skipped_count: shelf.skipped,
      age_seconds: shelf.age,
    };
  }

  /** Reads the catalog only until it finds the product. */
  async product(
    asked: OperationInput<'business.product'>,
    signal?: AbortSignal,
  ): Promise<OperationOutput<'business.product'>> {
    const { timeoutMs } = business['business.product'];
    const jid = await this.#queries.addressOf(asked.jid);
    const shelf = this.#catalogs.of(jid);
    const stopped = await shelf.until(() => shelf.get(asked.product_id) !== undefined, timeoutMs, signal);
    const product = shelf.get(asked.product_id);
    if (product) return { ...product, age_seconds: shelf.age };
    if (stopped) throw stopped;
    await this.#assertEmpty(this.#catalogs, jid, signal);
    const which = shelf.isComplete ? 'product' : 'product that could be read';
    throw new AppError('not_found', `This business has no ${which} with this id; get_business_catalog lists them.`);
  }

  async #read<T extends { id: string }>(
    shelves: CachedLists<T>,
    name: 'business.catalog' | 'business.collections',
    asked: Asked,
    signal: AbortSignal | undefined,
  ) {
    const jid = await this.#queries.addressOf(asked.jid);
    const shelf = shelves.of(jid);
    const stopped = await shelf.until(never, business[name].timeoutMs, signal);
    await this.#assertEmpty(shelves, jid, signal);
    return { shelf, stopped };
  }

  /**
   * Throws unless an empty list is plausible: the address is a business, and its profile does not mention a catalog.
   */
  async #assertEmpty<T extends { id: string }>(shelves: CachedLists<T>, jid: string, signal: AbortSignal | undefined) {
    const shelf = shelves.of(jid);
    if (shelf.entries.length > 0 || shelf.skipped > 0) return;
    const { is_business, has_catalog } = await abortable(this.#queries.profile(jid), signal);
    if (!is_business) throw new AppError('not_found', 'This account is no business, so it has no catalog.');
    if (!shelf.isAbsent || !has_catalog) return;
    shelves.drop(jid);
    throw new AppError('upstream_unanswered', 'This business has a catalog, but WhatsApp did not send it.');
  }
}
