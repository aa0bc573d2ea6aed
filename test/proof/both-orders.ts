import '../../src/stdout.ts';
import { endAll } from '../support/at-end.ts';
import { playOnWire, type WireOrder } from '../support/wire/orders.ts';
import type { Proof } from './run.ts';

const orders = 20;

/**
 * 20 orders of ten stories on the wire: the result of real Baileys with real wa-bridge equals the result of Node alone.
 */
export const proof: Proof = async ({ seed }) => {
  const played: WireOrder[] = [];
  for (let n = 0; n < orders; n++) {
    played.push(await playOnWire(seed, n, 16));
    await endAll();
  }
  const first = (who: string) => played.filter((one) => one.first === who).length;
  const different = played.filter((one) => one.different.length > 0).map(({ name }) => name);
  const counts = {
    orders: played.length,
    things: played.reduce((sum, { things }) => sum + things, 0),
    baileys_first: first('baileys'),
    whatsmeow_first: first('whatsmeow'),
    nobody_held: first('race'),
    different,
  };
  return { passed: different.length === 0, counts };
};
