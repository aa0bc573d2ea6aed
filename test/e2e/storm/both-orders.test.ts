import { expect, test } from 'vitest';
import '../../../src/stdout.ts';
import { playOnWire } from '../../support/wire/orders.ts';
import { describeWaBridge } from '../../support/wire/wa-bridge.ts';

describeWaBridge('Orders of events on the wire', () => {
  test('have the same result with both bridges as with Node alone, in both orders', async () => {
    for (let n = 0; n < 3; n++) {
      const { first, things, different } = await playOnWire(1, n, 8);
      expect(different, `${first} first`).toEqual([]);
      expect(things).toBeGreaterThan(15);
    }
  }, 300_000);
});
