import { describe, expect, it } from 'vitest';
import { clipContent } from '../../../src/tools/result/clip.ts';
import { fitAround, fitHistories } from '../../../src/tools/result/fit.ts';

describe('the messages around one', () => {
  const rows = (count: number, length: number) =>
    Array.from({ length: count }, (_, id) => ({ id, content: 'x'.repeat(length) }));

  const message = { id: -1, content: 'x'.repeat(5000) };

  it('keep their order and lose the farthest when they do not fit', () => {
    const around = fitAround({ message: clipContent(message), before: rows(20, 1000), after: rows(20, 1000) });
    expect(around.truncated).toBe(true);
    expect(around.before.at(-1)?.id).toBe(19);
    expect(around.after[0]?.id).toBe(0);
    for (const side of [around.before, around.after]) {
      const ids = side.map(({ id }) => id);
      expect(ids).toEqual(Array.from(ids, (_, index) => ids[0]! + index));
      expect(side.length).toBeGreaterThan(5);
    }
    expect(JSON.stringify(around).length).toBeLessThan(20_000);
  });

  it('are all there when they fit', () => {
    const around = { message: { id: -1, content: '' }, before: rows(2, 5), after: rows(3, 5) };
    expect(fitAround(around)).toEqual({ ...around, truncated: false });
  });
});

describe('what happened to a message', () => {
  const receipts = (count: number) =>
    Array.from({ length: count }, (_, id) => ({ recipient: `${id}`, status: 'read' }));

  it('is all there when it fits', () => {
    const message = { edits: [], reactions: [{ emoji: '👍' }], receipts: receipts(20) };
    expect(fitHistories(message)).toEqual({ message, truncated: false });
  });

  it('does not fill a page, however large the group is', () => {
    const { message, truncated } = fitHistories({ id: 'a', edits: [], reactions: [], receipts: receipts(1000) });
    expect(truncated).toBe(true);
    expect(message.receipts).toEqual(receipts(1000).slice(0, message.receipts.length));
    expect(message.receipts.length).toBeGreaterThan(50);
    expect(JSON.stringify(message).length).toBeLessThan(5000);
    expect(message.id).toBe('a');
  });
});
