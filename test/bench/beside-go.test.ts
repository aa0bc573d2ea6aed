import { expect, test } from 'vitest';
import { describeWaBridge } from '../support/wire/wa-bridge.ts';
import { besideGo } from './beside-go.ts';

describeWaBridge('A live wa-bridge beside a copy', () => {
  test('neither ever misses the lock, and every row and live message is there once', { timeout: 60_000 }, async () => {
    const { wrong, busyErrors, copying, whole, live } = await besideGo({ rows: 20_000, idleMs: 0 });
    expect({ wrong, busyErrors }).toEqual({ wrong: [], busyErrors: 0 });
    expect(copying.length).toBeGreaterThan(0);
    expect(live).toBeGreaterThanOrEqual(whole.length);
    for (const { ms } of whole) expect(ms).toBeGreaterThan(0);
  });
});
