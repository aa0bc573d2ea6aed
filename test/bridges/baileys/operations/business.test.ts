import { describe, expect, test } from 'vitest';
import { bakeryOrder, businessJid, quietBusinessJid } from '../../../../src/simulator/world/shop.ts';
import { both } from '../../../simulator/tiny-world.ts';
import {
  bakery,
  businessRig,
  catalogKind,
  collectionsKind,
  hugeJid,
  idOf,
  known,
  person,
  profileKind,
  shown,
} from './business-rig.ts';

const rig = businessRig();
const { asked, call, catalog, product } = rig;

describe('a profile', () => {
  test('has every website and category, the hours, and whether there is a catalog', async () => {
    expect(await call('business.profile', { jid: businessJid })).toEqual({
      is_business: true,
      description: bakery.description,
      category: 'Bakery',
      categories: ['Bakery', 'Food & Beverage'],
      address: bakery.address,
      email: bakery.email,
      website: bakery.websites,
      hours: {
        timezone: 'Europe/Lisbon',
        days: expect.arrayContaining([{ day: 'sat', mode: 'specific_hours', opens: '08:00', closes: '13:00' }]),
      },
      has_catalog: true,
    });
  });

  test('of a business that says little has no more than that', async () => {
    const profile = {
      is_business: true,
      category: 'Bicycle repair',
      categories: ['Bicycle repair'],
      has_catalog: false,
    };
    expect(await call('business.profile', { jid: quietBusinessJid })).toEqual(profile);
  });

  test.each([undefined, 404])('of a person is none, also when WhatsApp answers %s', async (code) => {
    if (code) rig.simulator.fail.iq(profileKind, code);
    expect(await call('business.profile', { jid: person })).toEqual({ is_business: false });
  });

  test('is asked for under a LID of which nobody told the number', async () => {
    expect(await call('business.profile', { jid: both.lid as string })).toMatchObject({ is_business: true });
  });
});

describe('a catalog', () => {
  test('has every product that the business shows, once, over all its pages', async () => {
    const result = await catalog();
    expect(result).toMatchObject({
      product_count: 25,
      product_count_is_exact: true,
      next_cursor: null,
      hidden_count: 2,
      skipped_count: 0,
      age_seconds: 0,
    });
    expect(result.products.map(({ id }) => id)).toEqual(shown.map(({ id }) => id));
    expect(asked(catalogKind)).toBe(3);
  });

  test('says availability as WhatsApp sent it, prices in the digits of their currency, and always a description', async () => {
    const { products } = await catalog();
    const view = (place: number) => products.find(({ id }) => id === idOf(place));
    expect(view(3)).toMatchObject({ availability: 'out_of_stock', price: '1.85', currency: 'EUR' });
    expect(view(4)).toMatchObject({ availability: 'in_stock', price: '320', currency: 'JPY' });
    expect(view(7)).toMatchObject({ availability: 'out_of_stock', price: '12.345', currency: 'KWD' });
    expect(view(11)).toMatchObject({ availability: 'unknown', description: '' });
    expect(view(20)).toMatchObject({ availability: 'discontinued', price: '168.00', currency: 'CNY' });
    expect(view(22)).toMatchObject({ availability: 'unknown' });
    expect(view(2)).toMatchObject({ availability: 'preorder', price: '24.00', sale_price: '19.90' });
    expect(view(10)).not.toHaveProperty('price');
    expect(view(10)).not.toHaveProperty('currency');
    expect(view(24)).toMatchObject({ price: '0.00' });
    expect(products.every(({ description }) => typeof description === 'string')).toBe(true);
    expect(view(0)).toMatchObject({ image_urls: [], retailer_id: 'QB-100', review_status: 'APPROVED' });
    expect(view(3)?.image_urls).toHaveLength(3);
    expect(view(3)?.image_urls[0]).toMatch(/^https:.*size=full/);
  });

  test('is read in pages by a cursor, without asking WhatsApp again', async () => {
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof catalog>> = await catalog(businessJid, {
        limit: 7,
        ...(cursor && { cursor }),
      });
      expect(page.product_count).toBe(25);
      ids.push(...page.products.map(({ id }) => id));
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(ids).toEqual(shown.map(({ id }) => id));
    expect(asked(catalogKind)).toBe(3);
    await expect(catalog(businessJid, { cursor: 'no-such-product' })).rejects.toMatchObject({ code: 'invalid_input' });
  });

  test('is read anew when what is known of it is old', async () => {
    await catalog();
    rig.later += 4 * 60_000;
    expect(await catalog()).toMatchObject({ age_seconds: 240 });
    expect(asked(catalogKind)).toBe(3);
    rig.later += 60_000;
    expect(await catalog()).toMatchObject({ age_seconds: 0 });
    expect(asked(catalogKind)).toBe(6);
  });

  test('is read once for all who ask at the same time', async () => {
    const [one, two] = await Promise.all([catalog(), catalog(), product(idOf(24))]);
    expect(two).toEqual(one);
    expect(asked(catalogKind)).toBe(3);
  });

  test('is the same under the LID and the number', async () => {
    await rig.learnLid();
    expect(await catalog(both.lid as string)).toEqual(await catalog(known));
    expect(asked(catalogKind)).toBe(3);
  });

  test('of a business without one is empty, of a person is an error', async () => {
    const none = { product_count: 0, product_count_is_exact: true, products: [], next_cursor: null };
    expect(await catalog(quietBusinessJid)).toMatchObject(none);
    await expect(catalog(person)).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('no business'),
    });
    await expect(product('1', person)).rejects.toMatchObject({
      code: 'not_found',
      message: expect.stringContaining('no business'),
    });
  });

  test('without end is followed for a hundred pages', async () => {
    const result = await catalog(hugeJid, { limit: 1 });
    expect(result).toMatchObject({ product_count: 1000, product_count_is_exact: false });
    expect(asked(catalogKind)).toBe(100);
  });
});

describe('one product', () => {
  test('comes from the catalog that was just read, and is asked for page by page otherwise', async () => {
    expect(await product(idOf(12))).toMatchObject({ name: 'Käsekuchen', price: '29.50', age_seconds: 0 });
    expect(asked(catalogKind)).toBe(2);
    await catalog();
    for (const { id } of shown) expect(await product(id)).toMatchObject({ id });
    expect(asked(catalogKind)).toBe(3);
  });

  test('that is hidden says so', async () => {
    expect(await product(idOf(25))).toMatchObject({ is_hidden: true, availability: 'unknown' });
  });

  test('that is not there is not found, and a second question walks nowhere', async () => {
    for (let i = 0; i < 2; i++) {
      await expect(product('4711')).rejects.toMatchObject({
        code: 'not_found',
        message: expect.stringContaining('no product'),
      });
    }
    expect(asked(catalogKind)).toBe(3);
  });
});

describe('collections', () => {
  test('name their products, all of them over their pages', async () => {
    const result = await call('business.collections', { jid: businessJid, limit: 50 });
    expect(result).toMatchObject({ collection_count: 3, collection_count_is_exact: true, next_cursor: null });
    expect(result.collections.map(({ name, product_count }) => [name, product_count])).toEqual([
      ['Bread', 4],
      ['Cakes', 5],
      ['From far away', 9],
    ]);
    expect(result.collections[0]).toMatchObject({ product_count_is_exact: true, review_status: 'APPROVED' });
    expect(result.collections[1]?.products[0]).toMatchObject({ name: 'Plum cake, whole', availability: 'preorder' });
    expect(asked(collectionsKind)).toBe(2);
    const page = await call('business.collections', { jid: businessJid, limit: 1, cursor: result.collections[1]!.id });
    expect(page.collections.map(({ name }) => name)).toEqual(['From far away']);
  });

  test('of a business that has none are none, of a person an error', async () => {
    const none = { collections: [], collection_count: 0, collection_count_is_exact: true };
    expect(await call('business.collections', { jid: hugeJid, limit: 5 })).toMatchObject(none);
    expect(await call('business.collections', { jid: quietBusinessJid, limit: 5 })).toMatchObject(none);
    const refused = call('business.collections', { jid: person, limit: 5 });
    await expect(refused).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('an order', () => {
  test('has what was ordered and what it costs', async () => {
    expect(await call('business.order', { order_id: bakeryOrder.id, token: bakeryOrder.token })).toEqual({
      order_id: bakeryOrder.id,
      created_at: '2026-11-14T09:30:00.000Z',
      status: 'pending',
      subtotal: '55.70',
      total: '55.70',
      currency: 'EUR',
      skipped_count: 0,
      products: [
        {
          id: idOf(0),
          name: 'Harbour sourdough',
          quantity: 2,
          price: '6.50',
          currency: 'EUR',
          image_url: expect.any(String),
        },
        {
          id: idOf(12),
          name: 'Käsekuchen',
          quantity: 1,
          price: '29.50',
          currency: 'EUR',
          image_url: expect.any(String),
        },
        { id: idOf(13), name: 'Brezel', quantity: 12, price: '1.10', currency: 'EUR', image_url: expect.any(String) },
      ],
    });
  });

  test('is shown to nobody without its token', async () => {
    const refused = call('business.order', { order_id: bakeryOrder.id, token: 'AAAA' });
    await expect(refused).rejects.toMatchObject({ code: 'not_found' });
  });
});
