import { expect, test } from 'vitest';
import { withinTime } from '../../bridges/within-time.ts';

const never = new Promise<void>(() => {});

test('work is waited for until it is done or the time is over, and fails as it fails', async () => {
  const order: string[] = [];
  const work = Promise.resolve().then(() => void order.push('done'));
  await withinTime(work, 60_000);
  expect(order).toEqual(['done']);
  await expect(withinTime(never, 1)).resolves.toBeUndefined();
  await expect(withinTime(Promise.reject(new Error('no')), 60_000)).rejects.toThrow('no');
});
