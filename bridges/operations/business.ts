import * as z from 'zod';
import { availabilities } from '../../src/domain/product.ts';
import { operation } from './define.ts';

/** What is asked about: the canonical address of a direct chat. */
const Business = z.object({ jid: z.string() });

/** A product as its business describes it. Prices are decimal strings; what is absent was not told. */
export const ProductSchema = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  price: z.string().optional(),
  /** Asked in place of `price` while a sale goes on. */
  sale_price: z.string().optional(),
  currency: z.string().optional(),
  availability: z.enum(availabilities),
  /** The business shows it to nobody. */
  is_hidden: z.boolean(),
  image_urls: z.array(z.string()),
  url: z.string().optional(),
  retailer_id: z.string().optional(),
  review_status: z.string().optional(),
});
export type Product = z.output<typeof ProductSchema>;

const ProfileSchema = z.object({
  is_business: z.boolean(),
  description: z.string().optional(),
  /** The first of `categories`. */
  category: z.string().optional(),
  categories: z.array(z.string()).optional(),
  address: z.string().optional(),
  email: z.string().optional(),
  website: z.array(z.string()).optional(),
  /** Local times `HH:MM`; a day that is not listed is closed, one without times is open all day or by appointment. */
  hours: z
    .object({
      timezone: z.string().optional(),
      days: z.array(
        z.object({ day: z.string(), mode: z.string(), opens: z.string().optional(), closes: z.string().optional() }),
      ),
    })
    .optional(),
  has_catalog: z.boolean().optional(),
});
export type Profile = z.output<typeof ProfileSchema>;

const CollectionSchema = z.object({
  id: z.string(),
  name: z.string(),
  review_status: z.string().optional(),
  product_count: z.number().int(),
  /** False when there are more products than WhatsApp was asked for. */
  product_count_is_exact: z.boolean(),
  products: z.array(ProductSchema),
});
export type Collection = z.output<typeof CollectionSchema>;

const OrderSchema = z.object({
  order_id: z.string(),
  created_at: z.string().optional(),
  status: z.string().optional(),
  subtotal: z.string().optional(),
  total: z.string().optional(),
  currency: z.string().optional(),
  products: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      quantity: z.number().int().optional(),
      price: z.string().optional(),
      currency: z.string().optional(),
      image_url: z.string().optional(),
    }),
  ),
  skipped_count: z.number().int(),
});
export type Order = z.output<typeof OrderSchema>;

/** Entries that WhatsApp sent without an id or a name; they are in no list. */
const skipped = { skipped_count: z.number().int() };
/** Seconds since this was read from WhatsApp. */
const age = { age_seconds: z.number().int() };
const paged = { limit: z.number().int(), cursor: z.string().optional() };

/** Errors of all: `upstream_unanswered` when WhatsApp says nothing, `not_found` for people who are no business. */
export const business = {
  'business.profile': operation({
    summary: 'How a business account presents itself, or that an account is none.',
    effect: 'read',
    repeat: 'safe',
    route: ['whatsmeow', 'baileys'],
    isPoor: ({ is_business, ...told }) => is_business && Object.values(told).every((part) => part === undefined),
    input: Business,
    output: ProfileSchema,
  }),
  'business.catalog': operation({
    summary: 'The products that a business shows, with their number in the whole catalog.',
    effect: 'read',
    repeat: 'safe',
    route: ['baileys'],
    input: Business.extend(paged),
    output: z.object({
      product_count: z.number().int(),
      product_count_is_exact: z.boolean(),
      products: z.array(ProductSchema),
      next_cursor: z.string().nullable(),
      hidden_count: z.number().int(),
      ...skipped,
      ...age,
    }),
  }),
  'business.product': operation({
    summary: 'One product of a business, from a catalog read a short time ago where there is one.',
    effect: 'read',
    repeat: 'safe',
    route: ['baileys'],
    input: Business.extend({ product_id: z.string() }),
    output: ProductSchema.extend(age),
  }),
  'business.collections': operation({
    summary: 'The collections into which a business sorts its products.',
    effect: 'read',
    repeat: 'safe',
    route: ['baileys'],
    input: Business.extend(paged),
    output: z.object({
      collections: z.array(CollectionSchema),
      collection_count: z.number().int(),
      collection_count_is_exact: z.boolean(),
      next_cursor: z.string().nullable(),
      ...skipped,
      ...age,
    }),
  }),
  'business.order': operation({
    summary: 'What was ordered of a business, by the id and token of an order message.',
    effect: 'read',
    repeat: 'safe',
    route: ['baileys'],
    input: z.object({ order_id: z.string(), token: z.string() }),
    output: OrderSchema,
  }),
};
