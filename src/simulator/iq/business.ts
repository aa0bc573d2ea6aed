import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildString,
  jidNormalizedUser,
} from '@whiskeysockets/baileys';
import type { SimulatorContext } from '../context.ts';
import { type CatalogFault, damaged } from '../faults/catalog.ts';
import { node } from '../wire/node.ts';
import type { Product, Shop } from '../world/shop.ts';
import type { IqAnswer, IqHandlers } from './handler.ts';
import { collectionNode, leaf, orderNode, productNode, profileNode } from './shop-nodes.ts';

/** The page size limit, whatever size was requested. */
const maxProducts = 10;
const maxCollections = 2;

const notFound: IqAnswer = { error: 404, text: 'item-not-found' };

/** The business with this address, PN or LID. */
function shopAt(context: SimulatorContext, jid: string | undefined): Shop | undefined {
  const asked = jidNormalizedUser(jid);
  const person = context.account.person(asked);
  const addresses = [asked, person?.pn, person?.lid].filter((address) => address !== undefined);
  return addresses.map((address) => context.world.shops?.get(address)).find((shop) => shop !== undefined);
}

const askedLimit = (request: BinaryNode | undefined, tag: string): number =>
  Number(getBinaryNodeChildString(request, tag) ?? 10);

interface Part<T> {
  items: readonly T[];
  /** The element at the end of the answer. */
  paging: BinaryNode[];
}

/** Cursors are opaque to clients; here they hold the index where the next page begins. */
function part<T>(all: readonly T[], request: BinaryNode | undefined, most: number, fault?: CatalogFault): Part<T> {
  const from = Number(getBinaryNodeChildString(request, 'after')?.replace('sim-', '') ?? 0);
  const next = from + most;
  const after = fault === 'loop' ? 'sim-0' : next < all.length ? `sim-${next}` : undefined;
  const paging =
    after === undefined ? [] : [node('paging', {}, [...leaf('before', `sim-${from}`), ...leaf('after', after)])];
  return { items: all.slice(from, next), paging };
}

function page(context: SimulatorContext, request: BinaryNode | undefined, products: readonly Product[]): IqAnswer {
  const fault = context.faults.nextCatalog();
  if (fault === 'bare') return {};
  const most = Math.min(askedLimit(request, 'limit'), maxProducts);
  const { items, paging } = part(products, request, most, fault);
  return { content: [node('product_catalog', {}, [...paging, ...damaged(items.map(productNode), fault)])] };
}

/** Businesses, their products, and their orders. */
export const business: IqHandlers = {
  'w:biz/get/business_profile': ({ context, iq }) => {
    const asked = getBinaryNodeChild(getBinaryNodeChild(iq, 'business_profile'), 'profile')?.attrs['jid'];
    const shop = shopAt(context, asked);
    return { content: [node('business_profile', { v: '244' }, shop ? [profileNode(asked ?? '', shop)] : [])] };
  },
  'w:biz:catalog/get/product_catalog': ({ context, iq }) => {
    const request = getBinaryNodeChild(iq, 'product_catalog');
    const catalog = shopAt(context, request?.attrs['jid'])?.catalog;
    return catalog ? page(context, request, catalog.products) : notFound;
  },
  'w:biz:catalog/get/collections': ({ context, iq }) => {
    const request = getBinaryNodeChild(iq, 'collections');
    const catalog = shopAt(context, request?.attrs['biz_jid'])?.catalog;
    if (!catalog) return notFound;
    const fault = context.faults.nextCatalog();
    if (fault === 'bare') return {};
    const most = Math.min(askedLimit(request, 'collection_limit'), maxCollections);
    const { items, paging } = part(catalog.collections, request, most, fault);
    const perCollection = askedLimit(request, 'item_limit');
    const nodes = items.map((collection) => collectionNode(collection, catalog.products, perCollection));
    return { content: [node('collections', {}, [...nodes, ...paging])] };
  },
  'fb:thrift_iq/get/order': ({ context, iq }) => {
    const request = getBinaryNodeChild(iq, 'order');
    const token = getBinaryNodeChildString(request, 'token');
    for (const { catalog } of context.world.shops?.values() ?? []) {
      const order = catalog?.orders.find(({ id }) => id === request?.attrs['id']);
      if (catalog && order) return order.token === token ? { content: [orderNode(order, catalog.products)] } : notFound;
    }
    return notFound;
  },
};
