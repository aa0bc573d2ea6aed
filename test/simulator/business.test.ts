import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { bakeryOrder, businessJid, quietBusinessJid, shops } from '../../src/simulator/world/shop.ts';
import { type Client, connect, isOpen, memoryStore } from './client.ts';
import { both, pnOnly, tinyPlan, tinyWorld } from './tiny-world.ts';

const pn = both.pn as string;
const bakery = shops.get(businessJid)!;

let simulator: Simulator;
let client: Client;

beforeAll(async () => {
  const world = { ...tinyWorld(), shops: new Map([...shops, [pn, bakery]]) };
  simulator = await startSimulator({ world, plan: tinyPlan, strict: true });
  client = connect(simulator, memoryStore(simulator.credentials()));
  await client.until(isOpen);
});

afterAll(async () => {
  await client.close();
  await simulator.stop();
});

/** Every page of a catalog, as the library reads it. */
async function walk(jid: string) {
  const pages = [];
  let cursor: string | undefined;
  do {
    const page = await client.socket.getCatalog({ jid, limit: 50, ...(cursor && { cursor }) });
    pages.push(page.products);
    cursor = page.nextPageCursor;
  } while (cursor !== undefined);
  return pages;
}

describe('a business, as the library itself reads it', () => {
  it('has a profile, and a person has none', async () => {
    expect(await client.socket.getBusinessProfile(businessJid)).toMatchObject({
      wid: businessJid,
      description: bakery.description,
      category: 'Bakery',
      email: bakery.email,
      business_hours: { timezone: 'Europe/Lisbon' },
    });
    expect(await client.socket.getBusinessProfile(quietBusinessJid)).toMatchObject({ category: 'Bicycle repair' });
    expect(await client.socket.getBusinessProfile(pnOnly.pn as string)).toBeUndefined();
  });

  it('lists its products in pages of ten, hidden ones last', async () => {
    const pages = await walk(businessJid);
    expect(pages.map(({ length }) => length)).toEqual([10, 10, 7]);
    const all = pages.flat();
    expect(all.map(({ id, name }) => [id, name])).toEqual(bakery.catalog!.products.map(({ id, name }) => [id, name]));
    expect(all.filter(({ isHidden }) => isHidden).length).toBe(2);
    expect(all[0]).toMatchObject({ price: 6500, currency: 'EUR', retailerId: 'QB-100' });
  });

  it('is equal under the LID of its account', async () => {
    expect(await walk(both.lid as string)).toEqual(await walk(pn));
  });

  it('has collections, two at a time, with the requested number of products', async () => {
    const { collections } = await client.socket.getCollections(businessJid, 4);
    expect(collections.map(({ name, products }) => [name, products.length])).toEqual([
      ['Bread', 4],
      ['Cakes', 4],
    ]);
  });

  it('shows an order for its token', async () => {
    const order = await client.socket.getOrderDetails(bakeryOrder.id, bakeryOrder.token);
    expect(order).toMatchObject({
      price: { total: 2 * 6500 + 29_500 + 12 * 1100, currency: 'EUR' },
      products: [{ quantity: 2 }, { quantity: 1 }, { name: 'Brezel', quantity: 12 }],
    });
    const refused = client.socket.getOrderDetails(bakeryOrder.id, 'AAAA');
    await expect(refused).rejects.toMatchObject({ data: 404 });
  });

  it.each([quietBusinessJid, pnOnly.pn as string])('has no catalog and no collections at %s', async (jid) => {
    await expect(walk(jid)).rejects.toMatchObject({ data: 404 });
    await expect(client.socket.getCollections(jid)).rejects.toMatchObject({ data: 404 });
  });
});

describe('a fault of a catalog', () => {
  it('is consumed by one page', async () => {
    simulator.fail.catalog('malformed');
    const [damaged] = (await client.socket.getCatalog({ jid: businessJid })).products;
    expect(damaged?.id).toBeUndefined();
    simulator.fail.catalog('loop');
    expect((await client.socket.getCatalog({ jid: businessJid })).nextPageCursor).toBe('sim-0');
    simulator.fail.catalog('bare');
    expect((await client.socket.getCatalog({ jid: businessJid })).products).toEqual([]);
    expect((await client.socket.getCatalog({ jid: businessJid })).products[0]?.id).toBe(
      bakery.catalog!.products[0]!.id,
    );
  });
});
