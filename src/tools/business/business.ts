import * as z from 'zod';
import { operations } from '../../../bridges/operations/catalog.ts';
import { amount } from '../../domain/product.ts';
import { defineTool } from '../define.ts';
import { Recipient } from '../params.ts';
import { defineListTool } from '../result/list-tool.ts';
import { servedBy } from '../result/served.ts';
import {
  accountOf,
  CollectionLineSchema,
  collectionColumns,
  collectionLine,
  entryPage,
  ProductLineSchema,
  pageAsked,
  productColumns,
  productLine,
} from './view.ts';

const Business = Recipient.describe('Business: JID, phone number or exact name.');
const wireId = (what: string) =>
  z
    .string()
    .trim()
    .regex(/^[\w.:-]{1,100}$/, `is no ${what}`);

export const getBusinessProfile = defineTool({
  name: 'get_business_profile',
  title: 'Business profile',
  description:
    'Shows how a business presents itself: description, categories, address, email, websites, opening hours, and whether it has a catalog. is_business is false for people: use it first when unsure whether an account is a business. Asks WhatsApp. What it sells: get_business_catalog. Names and last contact of anybody: get_contact.',
  toolset: 'business',
  effect: 'read',
  openWorld: true,
  uses: ['business.profile'],
  input: z.object({ jid: Business }),
  example: { jid: '1234567890@s.whatsapp.net' },
  output: operations['business.profile'].output.extend({ jid: z.string(), ...servedBy }),
  summary: ({ is_business }) => (is_business ? 'A business account.' : 'This account is no business.'),
  async run({ jid: recipient }, context) {
    const jid = accountOf(context, recipient);
    return { jid, ...(await context.call('business.profile', { jid })) };
  },
});

export const getBusinessCatalog = defineListTool({
  name: 'get_business_catalog',
  title: 'Products of a business',
  description:
    'Lists the products that a business sells on WhatsApp, each with id, price, currency, availability and the beginning of its description. product_count is that of the whole catalog. Use it to browse, to find a product id or to see what is available; get_product_details adds the whole description and the pictures. Asks WhatsApp at most every five minutes: age_seconds tells.',
  toolset: 'business',
  uses: ['business.catalog'],
  input: { jid: Business },
  example: { jid: '1234567890@s.whatsapp.net', limit: 5 },
  head: { ...operations['business.catalog'].output.omit({ products: true, next_cursor: true }).shape, ...servedBy },
  entries: { field: 'products', row: ProductLineSchema, line: productColumns, standard: 50 },
  summary: ({ product_count, product_count_is_exact }, count) =>
    `${count} of ${product_count_is_exact ? '' : 'at least '}${product_count} products.`,
  async list(args, context) {
    const asked = pageAsked(context, args);
    const { next_cursor, products, ...own } = await context.call('business.catalog', asked);
    return { ...own, page: entryPage(products.map(productLine), args.limit, next_cursor) };
  },
});

export const getProductDetails = defineTool({
  name: 'get_product_details',
  title: 'One product',
  description:
    'Shows one product of a business in full: whole description, price, currency, availability (unknown where the business did not say), all pictures as addresses, link and article number. Use it with an id from get_business_catalog; it answers from the catalog that was read there when that is at most five minutes old.',
  toolset: 'business',
  effect: 'read',
  openWorld: true,
  uses: ['business.product'],
  input: z.object({ jid: Business, product_id: wireId('product id').describe('id of a product in the catalog.') }),
  example: { jid: '1234567890@s.whatsapp.net', product_id: '7100000000000001' },
  output: operations['business.product'].output.extend(servedBy),
  summary: ({ availability, price, currency }) =>
    `A product, ${availability}, ${amount(price, currency) ?? 'without a price'}.`,
  run: ({ jid, product_id }, context) => context.call('business.product', { jid: accountOf(context, jid), product_id }),
});

export const getBusinessCollections = defineListTool({
  name: 'get_business_collections',
  title: 'Collections of a business',
  description:
    'Shows the collections into which a business sorts its products, such as Bread or Gifts, and which products are in each. Use it to find products of one sort; get_business_catalog lists all of them, sorted or not. A business may have a catalog and no collections. Asks WhatsApp.',
  toolset: 'business',
  uses: ['business.collections'],
  input: { jid: Business },
  example: { jid: '1234567890@s.whatsapp.net' },
  head: {
    ...operations['business.collections'].output.omit({ collections: true, next_cursor: true }).shape,
    ...servedBy,
  },
  entries: { field: 'collections', row: CollectionLineSchema, line: collectionColumns, standard: 20 },
  summary: ({ collection_count }, count) => `${count} of ${collection_count} collections.`,
  async list(args, context) {
    const asked = pageAsked(context, args);
    const { next_cursor, collections, ...own } = await context.call('business.collections', asked);
    return { ...own, page: entryPage(collections.map(collectionLine), args.limit, next_cursor) };
  },
});

export const getOrderDetails = defineTool({
  name: 'get_order_details',
  title: 'One order',
  description:
    'Shows what was ordered of a business in an order message: products, quantities, prices, total and status. Use it for a message of type order: find it with list_messages in the chat with the business; get_message shows its order_id and token under details.order.',
  toolset: 'business',
  effect: 'read',
  openWorld: true,
  uses: ['business.order'],
  input: z.object({
    order_id: wireId('order id').describe('order_id of the message.'),
    token: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9+/=_-]{1,1000}$/, 'is no token of an order')
      .describe('token of the same message.'),
  }),
  example: { order_id: '5550100000000017', token: 'QVItc2ltdWxhdGVkLW9yZGVyLXRva2Vu' },
  output: operations['business.order'].output.extend({
    product_count: z.number().int(),
    truncated: z.boolean().default(false),
    ...servedBy,
  }),
  list: 'products',
  lines: { products: productColumns },
  summary: ({ product_count, total, currency }) =>
    `An order of ${[`${product_count} products`, amount(total, currency)].filter(Boolean).join(', ')}.`,
  async run(args, context) {
    const order = await context.call('business.order', args);
    return { ...order, product_count: order.products.length };
  },
});
