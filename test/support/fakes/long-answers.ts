import type { Product } from '../../../bridges/operations/business.ts';
import type { Handlers } from '../../../bridges/operations/catalog.ts';

const numbers = Array.from({ length: 120 }, (_, index) => 1000 + index);
const words = 'Quill, Harbour & sons — "the lamp" '.repeat(8);

const products: Product[] = numbers.map((number) => ({
  id: `71${number}`,
  name: `Product ${number}`,
  description: `${number} ${words}`,
  price: '6.50',
  currency: 'EUR',
  availability: 'in_stock',
  is_hidden: false,
  image_urls: [`https://media.example/${number}.jpg`],
}));

/** Entries behind the one with this id, and where the next ones begin. */
function pageBehind<T extends { id: string }>(
  all: readonly T[],
  { limit, cursor }: { limit: number; cursor?: string },
) {
  const from = cursor === undefined ? 0 : all.findIndex(({ id }) => id === cursor) + 1;
  const shown = all.slice(from, from + limit);
  return { shown, next_cursor: from + limit < all.length ? (shown.at(-1)?.id ?? null) : null };
}

/** What WhatsApp answers to every list that asks it, in more entries than fit a page. */
export const longAnswers = (): Partial<Handlers> => ({
  'contacts.blocked': async () => ({ blocked: numbers.map((number) => ({ jid: `1555010${number}@s.whatsapp.net` })) }),
  'communities.list': async () => ({
    communities: numbers.map((number) => ({
      jid: `12036300000000${number}@g.us`,
      name: `C ${number} ${words}`,
      joined_groups: [],
    })),
  }),
  'communities.groups': async () => ({
    name: 'Street',
    groups: numbers.map((number) => ({
      jid: `12036310000000${number}@g.us`,
      name: `Group ${number} ${words}`,
      joined: number % 2 === 0,
      is_announcement: false,
    })),
  }),
  'communities.members': async () => ({
    name: 'Street',
    members: numbers.map((number) => ({
      jid: `2000000000${number}@lid`,
      pn: `1555010${number}@s.whatsapp.net`,
      is_admin: number % 2 === 0,
    })),
  }),
  'business.catalog': async ({ limit, cursor }) => {
    const { shown, next_cursor } = pageBehind(products, { limit, ...(cursor !== undefined && { cursor }) });
    const counts = { product_count: products.length, product_count_is_exact: true, hidden_count: 0, skipped_count: 0 };
    return { ...counts, products: shown, next_cursor, age_seconds: 0 };
  },
  'business.collections': async ({ limit, cursor }) => {
    const all = numbers.map((number) => ({
      id: `c${number}`,
      name: `Collection ${number}`,
      product_count: 5,
      product_count_is_exact: true,
      products: products.slice(0, 5),
    }));
    const { shown, next_cursor } = pageBehind(all, { limit, ...(cursor !== undefined && { cursor }) });
    return {
      collection_count: all.length,
      collection_count_is_exact: true,
      skipped_count: 0,
      age_seconds: 0,
      collections: shown,
      next_cursor,
    };
  },
});
