import { afterAll, beforeAll, beforeEach } from 'vitest';
import '../../../../src/stdout.ts';
import type { Handlers } from '../../../../bridges/operations/catalog.ts';
import { type Simulator, startSimulator } from '../../../../src/simulator/simulator.ts';
import { businessJid, type Product, type Shop, shops } from '../../../../src/simulator/world/shop.ts';
import { both, pnOnly, tinyPlan, tinyWorld } from '../../../simulator/tiny-world.ts';
import { type Rig, rigOn, seedCredentials, temporaryFolder } from '../rig/rig.ts';

export const catalogKind = 'w:biz:catalog/get/product_catalog';
export const collectionsKind = 'w:biz:catalog/get/collections';
export const profileKind = 'w:biz/get/business_profile';
export const orderKind = 'fb:thrift_iq/get/order';

export const bakery = shops.get(businessJid) as Shop & Required<Pick<Shop, 'catalog'>>;
/** The products that the bakery shows to customers. */
export const shown = bakery.catalog.products.filter(({ hidden }) => !hidden);
export const idOf = (place: number): string => bakery.catalog.products[place]?.id ?? '';
export const person = pnOnly.pn as string;
/** A business that has a LID as well. */
export const known = both.pn as string;
/** A business with more products than we read. */
export const hugeJid = '15550110002@s.whatsapp.net';

const manyProducts = Array.from({ length: 1200 }, (_, index): Product => ({ id: `p${index}`, name: `Thing ${index}` }));
const catalogOfMany = { products: manyProducts, collections: [], orders: [] };
const huge: Shop = { categories: [], websites: [], hours: [], catalog: catalogOfMany };

type Call = <K extends keyof Handlers>(
  name: K,
  input: Parameters<Handlers[K]>[0],
  signal?: AbortSignal,
) => ReturnType<Handlers[K]>;

/**
 * A linked bridge on a simulated WhatsApp with businesses, one per test file; every test starts with an empty cache.
 */
export class BusinessRig {
  simulator!: Simulator;
  rig!: Rig;
  /** By how much the bridge's clock is ahead, ms. */
  later = 0;
  #before: Record<string, number> = {};
  readonly #folder = temporaryFolder();
  readonly #queryMs: number;

  constructor(queryMs: number) {
    this.#queryMs = queryMs;
  }

  async open(): Promise<void> {
    const all = new Map([...shops, [known, bakery], [hugeJid, huge]]);
    this.simulator = await startSimulator({ world: { ...tinyWorld(), shops: all }, plan: tinyPlan, strict: true });
    seedCredentials(this.#folder.path, this.simulator.credentials());
    this.rig = rigOn(this.#folder.path, this.simulator, { now: () => Date.now() + this.later, queryMs: this.#queryMs });
    await this.rig.bridge.connect();
    await this.rig.sink.complete();
    await this.rig.bridge.waitFor(['ready'], 10_000);
  }

  async close(): Promise<void> {
    await this.rig.bridge.close();
    await this.simulator.stop();
    this.#folder.remove();
  }

  forget(): void {
    this.later += 10 * 60_000;
    this.#before = this.simulator.counters().iq;
  }

  /** How many requests of this kind were sent since the test began. */
  readonly asked = (kind: string): number => (this.simulator.counters().iq[kind] ?? 0) - (this.#before[kind] ?? 0);

  readonly call: Call = (name, input, signal) => {
    const handler = this.rig.bridge.handlers[name] as ((...args: unknown[]) => unknown) | undefined;
    if (!handler) throw new Error('no handler');
    return handler(input, signal) as ReturnType<Handlers[typeof name]>;
  };

  readonly catalog = (jid = businessJid, page: { limit?: number; cursor?: string } = {}) =>
    this.call('business.catalog', { jid, limit: 50, ...page });

  readonly product = (product_id: string, jid = businessJid) => this.call('business.product', { jid, product_id });

  /** Teaches the device a pair of PN and LID, as every message does. */
  async learnLid(): Promise<void> {
    await this.simulator.sendText('good morning', { from: known });
    await this.simulator.idle();
  }
}

/** `queryMs`: timeout of a request; short where WhatsApp must not answer. */
export function businessRig(queryMs = 10_000): BusinessRig {
  const rig = new BusinessRig(queryMs);
  beforeAll(() => rig.open());
  afterAll(() => rig.close());
  beforeEach(() => rig.forget());
  return rig;
}
