import type { BinaryNode } from '@whiskeysockets/baileys';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { catalogPage, collectionsPage, orderOf, profileOf } from '../../../../bridges/baileys/translate/business.ts';
import { operations } from '../../../../bridges/operations/catalog.ts';

const node = (tag: string, attrs: Record<string, string>, content?: BinaryNode['content']): BinaryNode =>
  content === undefined ? { tag, attrs } : { tag, attrs, content };
const leaf = (tag: string, text: string): BinaryNode => node(tag, {}, Buffer.from(text));
const answer = (...content: BinaryNode[]): BinaryNode => node('iq', { type: 'result' }, content);

const product = (...more: BinaryNode[]) => node('product', {}, [leaf('id', '7'), leaf('name', 'Brezel'), ...more]);
const read = (one: BinaryNode) => catalogPage(answer(node('product_catalog', {}, [one])));
const image = (...urls: BinaryNode[]) => node('image', {}, urls);

describe('a product', () => {
  it('that says no more than its name has an empty description and nothing invented', () => {
    expect(read(product())).toEqual({
      items: [{ id: '7', name: 'Brezel', description: '', availability: 'unknown', is_hidden: false, image_urls: [] }],
      skipped: 0,
      after: undefined,
    });
  });

  it.each([
    ['without an id', node('product', {}, [leaf('name', 'Brezel')])],
    ['without a name', node('product', {}, [leaf('id', '7')])],
    ['with an empty name', node('product', {}, [leaf('id', '7'), leaf('name', ' ')])],
    ['without anything', node('product', {})],
  ])('%s is left out and counted', (_, one) => {
    expect(read(one)).toMatchObject({ items: [], skipped: 1 });
  });

  it('shows addresses of the web alone, whole ones, ten at most, the large picture before the small', () => {
    const long = `https://media.example/${'x'.repeat(1000)}`;
    const pictures = [
      image(
        leaf('request_image_url', 'https://media.example/s'),
        leaf('original_image_url', 'https://media.example/l'),
      ),
      image(leaf('request_image_url', 'https://media.example/only')),
      image(leaf('original_image_url', 'file:///etc/passwd')),
      image(leaf('original_image_url', long)),
      image(),
    ];
    const one = product(leaf('url', 'javascript:alert(1)'), node('media', {}, pictures));
    const urls = ['https://media.example/l', 'https://media.example/only'];
    expect(read(one)?.items[0]).toMatchObject({ image_urls: urls });
    expect(read(one)?.items[0]).not.toHaveProperty('url');
    const many = Array.from({ length: 30 }, () => image(leaf('original_image_url', 'https://media.example/l')));
    expect(read(product(node('media', {}, many)))?.items[0]?.image_urls).toHaveLength(10);
  });

  it('is read from text as from bytes, and cut to what a business may write', () => {
    const one = node('product', {}, [
      node('id', {}, '7'),
      node('name', {}, 'Brezel'),
      leaf('description', 'x'.repeat(9000)),
    ]);
    expect(read(one)?.items[0]).toMatchObject({ id: '7', name: 'Brezel', description: 'x'.repeat(5000) });
  });
});

describe('an answer', () => {
  it('without a list is none, and an empty list is one', () => {
    expect(catalogPage(answer())).toBeUndefined();
    expect(collectionsPage(answer(), 50)).toBeUndefined();
    expect(orderOf(answer(node('order', {})))).toBeUndefined();
    expect(catalogPage(answer(node('product_catalog', {})))).toEqual({ items: [], skipped: 0, after: undefined });
  });

  it('about a collection that was cut off says that there is more', () => {
    const list = node('collections', {}, [
      node('collection', {}, [leaf('id', '1'), leaf('name', 'Bread'), product(), product()]),
      node('collection', {}, [leaf('name', 'nameless to us')]),
      node('paging', {}, [leaf('after', 'c2')]),
    ]);
    expect(collectionsPage(answer(list), 2)).toMatchObject({
      items: [{ name: 'Bread', product_count: 2, product_count_is_exact: false }],
      skipped: 1,
      after: 'c2',
    });
    expect(collectionsPage(answer(list), 3)?.items[0]).toMatchObject({ product_count_is_exact: true });
  });

  it('about a person, or with an error in place of a profile, is no business', () => {
    const profile = (...content: BinaryNode[]) => answer(node('business_profile', {}, content));
    expect(profileOf(answer())).toEqual({ is_business: false });
    expect(profileOf(profile())).toEqual({ is_business: false });
    expect(profileOf(profile(node('profile', {}, [node('error', { code: '404' })])))).toEqual({ is_business: false });
    expect(profileOf(profile(node('profile', {})))).toEqual({ is_business: true });
  });

  it('about opening hours leaves out times that are none', () => {
    const config = (attrs: Record<string, string>) => node('business_hours_config', attrs);
    const hours = node('business_hours', {}, [
      config({ day_of_week: 'mon', mode: 'specific_hours', open_time: '0', close_time: '1440' }),
      config({ day_of_week: 'tue', mode: 'open_24h' }),
      config({ day_of_week: 'wed', mode: 'specific_hours', open_time: 'noon', close_time: '9999' }),
    ]);
    expect(profileOf(answer(node('business_profile', {}, [node('profile', {}, [hours])]))).hours).toEqual({
      days: [
        { day: 'mon', mode: 'specific_hours', opens: '00:00', closes: '24:00' },
        { day: 'tue', mode: 'open_24h' },
        { day: 'wed', mode: 'specific_hours' },
      ],
    });
  });
});

const tags = [
  ...[
    'product_catalog',
    'product',
    'paging',
    'after',
    'id',
    'name',
    'price',
    'currency',
    'media',
    'image',
    'sale_price',
  ],
  ...['collections', 'collection', 'order', 'quantity', 'business_profile', 'profile', 'business_hours', 'website'],
  ...['business_hours_config', 'categories', 'category', 'original_image_url', 'url', 'total', 'profile_options'],
];
const { stanza } = fc.letrec<{ stanza: BinaryNode }>((tie) => ({
  stanza: fc.record({
    tag: fc.constantFrom(...tags),
    attrs: fc.dictionary(
      fc.constantFrom('id', 'availability', 'is_hidden', 'creation_ts', 'open_time', 'code'),
      fc.string(),
    ),
    content: fc.oneof(
      { depthSize: 'medium' },
      fc.constant(undefined),
      fc.string({ unit: 'binary' }),
      fc.uint8Array(),
      fc.array(tie('stanza'), { maxLength: 6 }),
    ),
  }) as fc.Arbitrary<BinaryNode>,
}));

it('Whatever comes is read to something that the operations may answer', () => {
  const { output: profile } = operations['business.profile'];
  const { products } = operations['business.catalog'].output.shape;
  const { collections } = operations['business.collections'].output.shape;
  fc.assert(
    fc.property(fc.array(stanza, { maxLength: 8 }), (content) => {
      const lists = ['product_catalog', 'collections'].map((tag) => node(tag, {}, content));
      const all = answer(...lists, ...content);
      profile.parse(profileOf(all));
      products.parse(catalogPage(all)?.items ?? []);
      collections.parse(collectionsPage(all, 50)?.items ?? []);
      operations['business.order'].output.optional().parse(orderOf(all));
    }),
    { numRuns: 500 },
  );
});
