import * as z from 'zod';
import { type Collection, type Product, ProductSchema } from '../../../bridges/operations/business.ts';
import { clipText, cutText } from '../../domain/cut.ts';
import { AppError } from '../../domain/errors.ts';
import { chatKind } from '../../domain/jid.ts';
import { decodeCursor, encodeCursor, pageOf } from '../../store/read/cursor.ts';
import type { Page } from '../../store/reader.ts';
import type { ToolContext } from '../define.ts';
import type { Line } from '../layout.ts';
import { omitUndefined } from '../result/omit-undefined.ts';

const lineCharacters = 300;
const nameCharacters = 200;

export const productColumns: Line = { columns: ['id', 'name', 'price', 'currency', 'availability'] };
export const collectionColumns: Line = {
  columns: ['id', 'name', 'product_count'],
  below: { products: productColumns },
};

/** A product in a list: the beginning of its description, and one of its pictures. */
export const ProductLineSchema = ProductSchema.extend({
  description_truncated: z.boolean().optional(),
  image_count: z.number().int(),
});

export function productLine(product: Product): z.output<typeof ProductLineSchema> {
  const { description, image_urls } = product;
  const short = description.length > lineCharacters;
  return {
    ...product,
    name: cutText(product.name, nameCharacters),
    description: clipText(description, lineCharacters),
    ...(short && { description_truncated: true }),
    image_urls: image_urls.slice(0, 1),
    image_count: image_urls.length,
  };
}

const NamedProductSchema = ProductSchema.pick({
  id: true,
  name: true,
  price: true,
  sale_price: true,
  currency: true,
  availability: true,
});

/** A collection in a list, with no more of each product than tells which it is and what it costs. */
export const CollectionLineSchema = z.object({
  id: z.string(),
  name: z.string(),
  review_status: z.string().optional(),
  product_count: z.number().int(),
  product_count_is_exact: z.boolean(),
  products: z.array(NamedProductSchema),
});

export const collectionLine = (collection: Collection): z.input<typeof CollectionLineSchema> => ({
  ...collection,
  products: collection.products.map(({ id, name, price, sale_price, currency, availability }) => ({
    ...{ id, name: cutText(name, nameCharacters), availability },
    ...(price !== undefined && { price }),
    ...(sale_price !== undefined && { sale_price }),
    ...(currency !== undefined && { currency }),
  })),
});

type Paged = { jid: string; limit: number; cursor?: string | undefined };

/** The question for one page of what a business shows; throws `invalid_input` for what is no cursor of ours. */
export function pageAsked(context: Pick<ToolContext, 'store'>, { jid, limit, cursor }: Paged) {
  return omitUndefined({ jid: accountOf(context, jid), limit, cursor: decodeCursor('entry', cursor)?.[0] });
}

/**
 * The first entries of an answer as a page, whose last one is followed by `next`. The ids behind which it goes on are the
 * words of the business, so its cursors carry them in code.
 */
export function entryPage<T extends { id: string }>(
  entries: readonly T[],
  count: number,
  next: string | null,
): Page<T> {
  const page = pageOf(
    entries,
    count,
    (entry) => entry,
    ({ id }) => encodeCursor('entry', [id]),
  );
  const behind = next && encodeCursor('entry', [next]);
  return { ...page, next_cursor: page.next_cursor ?? behind };
}

/** The address of the account that is meant; throws `invalid_input` for what cannot be a business. */
export function accountOf({ store }: Pick<ToolContext, 'store'>, recipient: string): string {
  const jid = store.chats.resolve(recipient);
  if (chatKind(jid) === 'direct') return jid;
  throw new AppError(
    'invalid_input',
    `jid is a ${chatKind(jid)} and not one account; only an account can be a business.`,
  );
}
