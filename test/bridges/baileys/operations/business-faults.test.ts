import { describe, expect, test } from 'vitest';
import { bakeryOrder, businessJid } from '../../../../src/simulator/world/shop.ts';
import {
  businessRig,
  catalogKind,
  collectionsKind,
  idOf,
  orderKind,
  person,
  profileKind,
  shown,
} from './business-rig.ts';

const rig = businessRig(500);
const { asked, call, catalog, product } = rig;
const fail = () => rig.simulator.fail;
/** Gives the sockets of this process a turn. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

type Question = (signal?: AbortSignal) => Promise<unknown>;
const { id: order_id, token } = bakeryOrder;

const questions: [what: string, kind: string, ask: Question][] = [
  ['a profile', profileKind, (signal) => call('business.profile', { jid: businessJid }, signal)],
  ['a catalog', catalogKind, (signal) => call('business.catalog', { jid: businessJid, limit: 5 }, signal)],
  ['a product', catalogKind, (signal) => call('business.product', { jid: businessJid, product_id: idOf(0) }, signal)],
  ['collections', collectionsKind, (signal) => call('business.collections', { jid: businessJid, limit: 5 }, signal)],
  ['an order', orderKind, (signal) => call('business.order', { order_id, token }, signal)],
];

describe.each(questions)('asked for %s', (_, kind, question) => {
  test('WhatsApp may say nothing, which is an error of its own and no empty answer, and answer the next time', async () => {
    fail().iq(kind, 0);
    await expect(question()).rejects.toMatchObject({ code: 'upstream_unanswered' });
    expect(asked(kind)).toBe(1);
    await expect(question()).resolves.toBeDefined();
  });

  test.each([
    [403, 'upstream_rejected'],
    [500, 'upstream_rejected'],
    [429, 'rate_limited'],
  ])('WhatsApp may refuse with %i, which is %s', async (code, error) => {
    fail().iq(kind, code);
    await expect(question()).rejects.toMatchObject({ code: error });
    await expect(question()).resolves.toBeDefined();
  });

  test('a caller that wants no more does not wait', async () => {
    fail().iq(kind, 0);
    const controller = new AbortController();
    const waiting = question(controller.signal);
    while (asked(kind) === 0) await turn();
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await question().catch(() => undefined); // concurrent callers share this answer
  });
});

describe('a catalog', () => {
  test('with a product that cannot be read has the others, and says how many are missing', async () => {
    fail().catalog('malformed');
    const result = await catalog();
    expect(result).toMatchObject({
      product_count: 24,
      product_count_is_exact: false,
      skipped_count: 1,
      next_cursor: null,
    });
    expect(result.products.map(({ id }) => id)).toEqual(shown.slice(1).map(({ id }) => id));
    expect(result.products[0]).not.toHaveProperty('price'); // "as agreed" is not a price
    expect(result.products[1]).toHaveProperty('price');
  });

  test('whose pages lead back to the first is not walked in circles', async () => {
    fail().catalog('loop', 2);
    const result = await catalog();
    expect(result).toMatchObject({ product_count: 10, product_count_is_exact: false, next_cursor: null });
    expect(asked(catalogKind)).toBe(2);
  });

  test('that goes silent half way gives what there is, says that it is not all, and goes on later', async () => {
    await product(idOf(3)); // the first page
    fail().iq(catalogKind, 0);
    const part = await catalog();
    expect(part).toMatchObject({ product_count: 10, product_count_is_exact: false, next_cursor: idOf(9) });
    fail().iq(catalogKind, 0);
    await expect(catalog(businessJid, { cursor: idOf(9) })).rejects.toMatchObject({ code: 'upstream_unanswered' });
    fail().iq(catalogKind, 0);
    await expect(product(idOf(20))).rejects.toMatchObject({ code: 'upstream_unanswered' });
    const rest = await catalog(businessJid, { cursor: idOf(9) });
    expect(rest.products.map(({ id }) => id)).toEqual(shown.slice(10).map(({ id }) => id));
    expect(rest).toMatchObject({ product_count: 25, product_count_is_exact: true, next_cursor: null });
  });

  test('that its business says to have, and that WhatsApp leaves out, is no empty one', async () => {
    fail().catalog('bare');
    await expect(catalog()).rejects.toMatchObject({ code: 'upstream_unanswered' });
    expect(await catalog()).toMatchObject({ product_count: 25 });
    fail().iq(catalogKind, 404);
    rig.forget();
    await expect(product(idOf(0))).rejects.toMatchObject({ code: 'upstream_unanswered' });
    expect(await product(idOf(0))).toMatchObject({ id: idOf(0) });
  });

  test('of nobody knows whom is not said to be empty either', async () => {
    fail().iq(profileKind, 0);
    await expect(catalog(person)).rejects.toMatchObject({ code: 'upstream_unanswered' });
    await expect(catalog(person)).rejects.toMatchObject({ code: 'not_found' });
  });
});

test('without a connection only what is in memory is answered', async () => {
  await catalog();
  await rig.rig.bridge.close();
  expect(await product(idOf(3))).toMatchObject({ id: idOf(3) });
  await expect(call('business.profile', { jid: businessJid })).rejects.toMatchObject({ code: 'bridge_unavailable' });
});
