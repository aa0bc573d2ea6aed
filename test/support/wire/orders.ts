import { seeded } from '../random.ts';
import { shuffled, story } from '../storm/interleave.ts';
import { BothBridges, type Order, type Tables } from './both-bridges.ts';
import { wireEventsOf } from './story.ts';

const orders: readonly Order[] = ['baileys', 'whatsmeow', 'race'];
const timeoutMs = 60_000;

export interface WireOrder {
  name: string;
  first: Order;
  things: number;
  /** Tables that differ from those of Node alone, each with the differing rows; empty in a good run. */
  different: string[];
}

/** The n-th order of the stories, through Node alone and through both bridges. */
export async function playOnWire(seed: number, n: number, messages: number): Promise<WireOrder> {
  const storySeed = seed * 1000 + Math.floor(n / 2);
  const deeds = wireEventsOf(shuffled(story(storySeed, messages), seeded(storySeed * 100 + n)));
  const first = orders[n % orders.length] ?? 'race';
  const alone = await BothBridges.open({ alone: true });
  await alone.play(deeds);
  const expected = alone.tables();
  await alone.close();
  const both = await BothBridges.open();
  await both.play(deeds, first);
  let different = differences(both.tables(), expected);
  for (const until = Date.now() + timeoutMs; different.length > 0 && Date.now() < until; ) {
    await both.call('sync_history_to_database'); // changes of settings are fetched after they were announced
    different = differences(both.tables(), expected);
  }
  await both.close();
  return { name: `story ${storySeed} order ${n}`, first, things: deeds.length, different };
}

function differences(actual: Tables, expected: Tables): string[] {
  return Object.keys(expected).flatMap((table) => {
    const [mine, theirs] = [actual, expected].map((tables) => (tables[table] ?? []).map((row) => JSON.stringify(row)));
    return [
      ...theirs!.filter((row) => !mine!.includes(row)).map((row) => `missing in ${table}: ${row}`),
      ...mine!.filter((row) => !theirs!.includes(row)).map((row) => `extra in ${table}: ${row}`),
      ...(mine!.length === theirs!.length ? [] : [`${mine!.length} rows in ${table} instead of ${theirs!.length}`]),
    ];
  });
}
