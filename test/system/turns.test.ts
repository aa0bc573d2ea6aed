import { MessageChannel } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { createTurns } from '../../src/system/turns.ts';

describe('turns of the event loop', () => {
  it('are given one to each caller, in the order of asking', async () => {
    const turns = createTurns();
    let turn = 0;
    let counting = true;
    const count = () => {
      turn++;
      if (counting) setImmediate(count);
    };
    setImmediate(count);
    const taken = await Promise.all([0, 1, 2, 3].map(() => turns.next().then(() => turn)));
    counting = false;
    expect(new Set(taken).size).toBe(4);
    expect(taken).toEqual(taken.toSorted((a, b) => a - b));
  });

  it('let other events run in between', async () => {
    const turns = createTurns();
    const order: string[] = [];
    const { port1, port2 } = new MessageChannel();
    const heard = new Promise<void>((resolve) => {
      port2.once('message', () => {
        order.push('message');
        port2.close();
        resolve();
      });
    });
    const work = Array.from({ length: 200 }, async () => {
      await turns.next();
      if (order.length === 0) port1.postMessage('');
      order.push('work');
    });
    await Promise.all([...work, heard]);
    expect(order.indexOf('message')).toBeLessThan(200);
  });

  it('are skipped by a cancelled caller, and not lost to the others', async () => {
    const turns = createTurns();
    const cancelled = new AbortController();
    const first = turns.next(cancelled.signal);
    const second = turns.next();
    cancelled.abort(new Error('away'));
    await expect(first).rejects.toThrow('away');
    await second;
  });
});
