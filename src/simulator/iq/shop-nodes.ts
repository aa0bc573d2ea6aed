import type { BinaryNode } from '@whiskeysockets/baileys';
import { node } from '../wire/node.ts';
import type { Collection, Order, Product, Shop } from '../world/shop.ts';

/** Stanzas that describe a business. Values are the bytes of an element's text. */
export const leaf = (tag: string, value: string | number | undefined): BinaryNode[] =>
  value === undefined ? [] : [node(tag, {}, Buffer.from(String(value)))];

const imageUrl = (product: Product, nth: number, size: string): string =>
  `https://media.whatsapp.example/v/${product.id}-${nth}.jpg?size=${size}&token=simulated`;

function media(product: Product): BinaryNode {
  const images = Array.from({ length: product.images ?? 0 }, (_, nth) =>
    node('image', {}, [
      ...leaf('id', `${product.id}${nth}`),
      ...leaf('request_image_url', imageUrl(product, nth, '100')),
      ...leaf('original_image_url', imageUrl(product, nth, 'full')),
    ]),
  );
  return node('media', {}, images);
}

export function productNode(product: Product): BinaryNode {
  const attributes = { availability: product.availability, is_hidden: product.hidden && 'true' };
  const sale = product.salePrice === undefined ? [] : [node('sale_price', {}, leaf('price', product.salePrice))];
  return node('product', attributes, [
    ...leaf('id', product.id),
    media(product),
    ...leaf('name', product.name),
    ...leaf('description', product.description),
    ...leaf('url', `https://quillmore.example/p/${product.id}`),
    ...leaf('retailer_id', product.retailerId),
    ...leaf('price', product.price),
    ...leaf('currency', product.currency),
    ...sale,
    node('status_info', {}, [...leaf('status', 'APPROVED'), ...leaf('can_appeal', 'false')]),
  ]);
}

export function collectionNode(collection: Collection, products: readonly Product[], most: number): BinaryNode {
  const members = collection.productIds.flatMap((id) => products.filter((product) => product.id === id));
  return node('collection', {}, [
    ...leaf('id', collection.id),
    ...leaf('name', collection.name),
    ...members.slice(0, most).map(productNode),
    node('status_info', {}, leaf('status', 'APPROVED')),
  ]);
}

/** A real order still names products that are no longer offered; the simulator has no such products. */
export function orderNode(order: Order, products: readonly Product[]): BinaryNode {
  const items = order.items.flatMap(({ productId, quantity }) => {
    const product = products.find(({ id }) => id === productId);
    return product ? [{ product, quantity }] : [];
  });
  const total = items.reduce((sum, { product, quantity }) => sum + (product.price ?? 0) * quantity, 0);
  const price = [...leaf('subtotal', total), ...leaf('total', total), ...leaf('currency', items[0]?.product.currency)];
  return node('order', { id: order.id, creation_ts: order.createdAt, status: 'pending' }, [
    ...items.map(({ product, quantity }) =>
      node('product', {}, [
        ...leaf('id', product.id),
        ...leaf('name', product.name),
        ...leaf('price', product.price),
        ...leaf('currency', product.currency),
        ...leaf('quantity', quantity),
        node('image', {}, leaf('url', imageUrl(product, 0, '100'))),
      ]),
    ),
    node('price', {}, [...price, ...leaf('price_status', 'fixed')]),
    node('catalog', {}, leaf('id', '9100000000000001')),
  ]);
}

export function profileNode(jid: string, shop: Shop): BinaryNode {
  const hours = shop.hours.map(({ day, open, close }) =>
    open === undefined
      ? node('business_hours_config', { day_of_week: day, mode: 'open_24h' })
      : node('business_hours_config', {
          day_of_week: day,
          mode: 'specific_hours',
          open_time: open,
          close_time: close,
        }),
  );
  const categories = shop.categories.map((name, index) => node('category', { id: 1000 + index }, Buffer.from(name)));
  return node('profile', { jid, tag: '1700000000' }, [
    ...leaf('address', shop.address),
    ...leaf('description', shop.description),
    ...shop.websites.flatMap((website) => leaf('website', website)),
    ...leaf('email', shop.email),
    node('categories', {}, categories),
    ...(hours.length > 0 ? [node('business_hours', { timezone: shop.timezone }, hours)] : []),
    node('profile_options', {}, leaf('commerce_experience', shop.catalog ? 'catalog' : 'none')),
  ]);
}
