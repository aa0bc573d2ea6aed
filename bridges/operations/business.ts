import * as z from 'zod';
import { availabilities } from '../../src/domain/product.ts';
import { operation } from './define.ts';
import { line, Moment, peopleText, TimeOfDay } from './words.ts';

/** WhatsApp's limit for the longest text of a business, and for an address. */
const longText = peopleText(5_000);
const shortText = peopleText(1_000);
/** A constant of WhatsApp; new ones may appear. */
const wireWord = line(50);

/** The canonical address of a direct chat. */
const Business = z.object({ jid: z.string() });

/** A product as its business describes it. Prices are decimal strings; absent fields are unknown. */
export const ProductSchema = z.object({
  id: z.string(),
  name: longText,
  description: longText,
  price: z.string().optional(),
  /** Replaces `price` during a sale. */
  sale_price: z.string().optional(),
  currency: wireWord.optional(),
  availability: z.enum(availabilities),
  /** The business hides the product from customers. */
  is_hidden: z.boolean(),
  image_urls: z.array(shortText),
  url: shortText.optional(),
  retailer_id: line(200).optional(),
  review_status: wireWord.optional(),
});
export type Product = z.output<typeof ProductSchema>;

const ProfileSchema = z.object({
  is_business: z.boolean(),
  description: longText.optional(),
  /** The first of `categories`. */
  category: shortText.optional(),
  categories: z.array(shortText).optional(),
  address: shortText.optional(),
  email: longText.optional(),
  website: z.array(shortText).optional(),
  /** Local times `HH:MM`; a day that is not listed is closed, one without times is open all day or by appointment. */
  hours: z
    .object({
      timezone: wireWord.optional(),
      days: z.array(
        z.object({ day: wireWord, mode: wireWord, opens: TimeOfDay.optional(), closes: TimeOfDay.optional() }),
      ),
    })
    .optional(),
  has_catalog: z.boolean().optional(),
});
export type Profile = z.output<typeof ProfileSchema>;

const CollectionSchema = z.object({
  id: z.string(),
  name: longText,
  review_status: wireWord.optional(),
  product_count: z.number().int(),
  /** False when there are more products than the request asked for. */
  product_count_is_exact: z.boolean(),
  products: z.array(ProductSchema),
});
export type Collection = z.output<typeof CollectionSchema>;

const OrderSchema = z.object({
  order_id: z.string(),
  created_at: Moment.optional(),
  status: wireWord.optional(),
  subtotal: z.string().optional(),
  total: z.string().optional(),
  currency: wireWord.optional(),
  products: z.array(
    z.object({
      id: z.string(),
      name: longText,
      quantity: z.number().int().optional(),
      price: z.string().optional(),
      currency: wireWord.optional(),
      image_url: shortText.optional(),
    }),
  ),
  skipped_count: z.number().int(),
});
export type Order = z.output<typeof OrderSchema>;

/** Entries without an id or a name, which no list includes. */
const skipped = { skipped_count: z.number().int() };
/** Seconds since this was read from WhatsApp. */
const age = { age_seconds: z.number().int() };
/** A long list is read page by page; the next call continues where this one stopped. */
const listTimeoutMs = 25_000;
const paged = { limit: z.number().int(), cursor: z.string().optional() };

/**
 * Errors of all: `upstream_unanswered` when WhatsApp does not answer, `not_found` for people who are not businesses.
 */
export const business = {
  'business.profile': operation({
    summary: 'How a business account presents itself, or that an account is none.',
    effect: 'read',
    repeat: 'safe',
    route: ['whatsmeow', 'baileys'],
    isIncomplete: ({ is_business, ...told }) => is_business && Object.values(told).every((part) => part === undefined),
    input: Business,
    output: ProfileSchema,
  }),
  'business.catalog': operation({
    summary: 'The products that a business shows, with their number in the whole catalog.',
    effect: 'read',
    repeat: 'safe',
    route: ['baileys'],
    timeoutMs: listTimeoutMs,
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
    timeoutMs: listTimeoutMs,
    input: Business.extend({ product_id: z.string() }),
    output: ProductSchema.extend(age),
  }),
  'business.collections': operation({
    summary: 'The collections into which a business sorts its products.',
    effect: 'read',
    repeat: 'safe',
    route: ['baileys'],
    timeoutMs: listTimeoutMs,
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
