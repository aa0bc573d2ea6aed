import { availabilityOf, priceOf } from '../../../src/domain/product.ts';
import type { Collection, Order, Product, Profile } from '../../operations/business.ts';
import type { BinaryNode } from '../library/library.ts';
import { childOf, childrenOf, textIn, textOf } from './stanza.ts';
import { compact, seconds } from './wire.ts';

/** WhatsApp's limit for texts of businesses. */
const maxText = 5_000;
const maxUrl = 1_000;
const maxImages = 10;

/** One page of a list from WhatsApp; `after` requests the next one, undefined on the last. */
export interface WirePage<T> {
  items: T[];
  /** Entries without an id or a name. */
  skipped: number;
  after: string | undefined;
  /** WhatsApp has no such list, or sent something else. */
  absent?: true;
}

/** A valid URL or undefined; we never fetch it. */
function urlOf(parent: BinaryNode | undefined, tag: string): string | undefined {
  const text = textOf(parent, tag, maxUrl + 1);
  if (!text || text.length > maxUrl) return undefined;
  return /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined;
}

function readable<T>(nodes: readonly BinaryNode[], read: (node: BinaryNode) => T | undefined) {
  const all = nodes.map(read);
  const items = all.filter((item) => item !== undefined);
  return { items, skipped: all.length - items.length };
}

function imagesOf(product: BinaryNode): string[] {
  const images = childrenOf(childOf(product, 'media'), 'image');
  return images
    .map((image) => urlOf(image, 'original_image_url') ?? urlOf(image, 'request_image_url'))
    .filter((address) => address !== undefined)
    .slice(0, maxImages);
}

/** Undefined for a product without id or name. */
function productOf(node: BinaryNode): Product | undefined {
  const [id, name] = [textOf(node, 'id', 100), textOf(node, 'name')];
  if (!id || !name) return undefined;
  const currency = textOf(node, 'currency', 10);
  return compact<Product>({
    id,
    name,
    description: textOf(node, 'description', maxText) ?? '',
    price: priceOf(textOf(node, 'price'), currency),
    sale_price: priceOf(textOf(childOf(node, 'sale_price'), 'price'), currency),
    currency,
    // The library reports "in stock" for every product; this is WhatsApp's own value.
    availability: availabilityOf(node.attrs['availability']),
    is_hidden: node.attrs['is_hidden'] === 'true',
    image_urls: imagesOf(node),
    url: urlOf(node, 'url'),
    retailer_id: textOf(node, 'retailer_id', 200),
    review_status: textOf(childOf(node, 'status_info'), 'status', 50),
  });
}

const afterOf = (list: BinaryNode): string | undefined => textOf(childOf(list, 'paging'), 'after', maxUrl);

/** Undefined when the answer has no catalog. */
export function catalogPage(answer: BinaryNode): WirePage<Product> | undefined {
  const catalog = childOf(answer, 'product_catalog');
  return catalog && { ...readable(childrenOf(catalog, 'product'), productOf), after: afterOf(catalog) };
}

/** Undefined when the answer has no collections; `asked` is the number of products requested of each. */
export function collectionsPage(answer: BinaryNode, asked: number): WirePage<Collection> | undefined {
  const list = childOf(answer, 'collections');
  const collectionOf = (node: BinaryNode): Collection | undefined => {
    const [id, name] = [textOf(node, 'id', 100), textOf(node, 'name')];
    if (!id || !name) return undefined;
    const sent = childrenOf(node, 'product');
    const shown = readable(sent, productOf).items.filter((product) => !product.is_hidden);
    return compact<Collection>({
      id,
      name,
      review_status: textOf(childOf(node, 'status_info'), 'status', 50),
      product_count: shown.length,
      product_count_is_exact: sent.length < asked,
      products: shown,
    });
  };
  return list && { ...readable(childrenOf(list, 'collection'), collectionOf), after: afterOf(list) };
}

/** Undefined when the answer has no order. */
export function orderOf(answer: BinaryNode): Order | undefined {
  const node = childOf(answer, 'order');
  const id = node?.attrs['id'];
  if (!node || !id) return undefined;
  const created = seconds(node.attrs['creation_ts']);
  const price = childOf(node, 'price');
  const currency = textOf(price, 'currency', 10);
  const { items, skipped } = readable(childrenOf(node, 'product'), orderedProduct);
  return compact<Order>({
    order_id: id,
    created_at: created === undefined ? undefined : new Date(created * 1000).toISOString(),
    status: node.attrs['status'],
    subtotal: priceOf(textOf(price, 'subtotal'), currency),
    total: priceOf(textOf(price, 'total'), currency),
    currency,
    products: items,
    skipped_count: skipped,
  });
}

function orderedProduct(node: BinaryNode): Order['products'][number] | undefined {
  const [id, name] = [textOf(node, 'id', 100), textOf(node, 'name')];
  if (!id || !name) return undefined;
  const currency = textOf(node, 'currency', 10);
  const quantity = Number(textOf(node, 'quantity'));
  return compact<Order['products'][number]>({
    id,
    name,
    quantity: Number.isSafeInteger(quantity) && quantity > 0 ? quantity : undefined,
    price: priceOf(textOf(node, 'price'), currency),
    currency,
    image_url: urlOf(childOf(node, 'image'), 'url'),
  });
}

/** `450` minutes after midnight is `07:30`. */
function timeOfDay(minutes: string | undefined): string | undefined {
  const count = Number(minutes ?? Number.NaN);
  if (!Number.isInteger(count) || count < 0 || count > 24 * 60) return undefined;
  return [Math.floor(count / 60), count % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

function hoursOf(profile: BinaryNode): Profile['hours'] {
  const node = childOf(profile, 'business_hours');
  const days = childrenOf(node, 'business_hours_config').map(({ attrs }) =>
    compact<NonNullable<Profile['hours']>['days'][number]>({
      day: attrs['day_of_week'] ?? 'unknown',
      mode: attrs['mode'] ?? 'unknown',
      opens: timeOfDay(attrs['open_time']),
      closes: timeOfDay(attrs['close_time']),
    }),
  );
  const known = days.filter((day) => day !== undefined);
  return known.length > 0
    ? compact<NonNullable<Profile['hours']>>({ timezone: node?.attrs['timezone'], days: known })
    : undefined;
}

const some = <T>(list: T[]): T[] | undefined => (list.length > 0 ? list : undefined);

/** The profile of a business; without a profile the address is not a business. */
export function profileOf(answer: BinaryNode): Profile {
  const profile = childOf(childOf(answer, 'business_profile'), 'profile');
  if (!profile || childOf(profile, 'error')) return { is_business: false };
  const texts = (parent: BinaryNode | undefined, tag: string): string[] =>
    childrenOf(parent, tag)
      .map((node) => textIn(node, maxUrl))
      .filter((text) => text !== undefined);
  const categories = texts(childOf(profile, 'categories'), 'category');
  const commerce = textOf(childOf(profile, 'profile_options'), 'commerce_experience', 50);
  const described = compact<Omit<Profile, 'is_business'>>({
    description: textOf(profile, 'description', maxText),
    category: categories[0],
    categories: some(categories),
    address: textOf(profile, 'address', maxUrl),
    email: textOf(profile, 'email'),
    website: some(texts(profile, 'website')),
    hours: hoursOf(profile),
    has_catalog: commerce === undefined ? undefined : commerce !== 'none',
  });
  return { is_business: true, ...described };
}
