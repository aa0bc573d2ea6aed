import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipChat, clipContent, fitAround, fitPage, pageEnd } from '../../src/tools/page.ts';

interface Row {
  id: number;
  content: string;
}

/** A store of rows whose cursor is the id of the next one. */
function pages(rows: readonly Row[]) {
  return (cursor: string | null) => (limit: number) => {
    const start = Number(cursor ?? 0);
    const items = rows.slice(start, start + limit);
    const next = start + items.length;
    return { items, next_cursor: next < rows.length ? String(next) : null };
  };
}

describe('a page', () => {
  it('is what was asked for when that fits', () => {
    const rows = [0, 1, 2].map((id) => ({ id, content: 'short' }));
    expect(fitPage(pages(rows)(null), 2)).toEqual({ items: rows.slice(0, 2), next_cursor: '2' });
  });

  it('stays below 20,000 characters, and following its cursor finds every row once', () => {
    const texts = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 60 }), (lengths, limit) => {
        const rows = lengths.map((length, id) => clipContent({ id, content: 'x'.repeat(length) }));
        const seen: number[] = [];
        let cursor: string | null = null;
        do {
          const page: { items: readonly Row[]; next_cursor: string | null } = fitPage(pages(rows)(cursor), limit);
          expect(JSON.stringify(page.items).length).toBeLessThan(20_000);
          seen.push(...page.items.map(({ id }) => id));
          cursor = page.next_cursor;
        } while (cursor !== null);
        expect(seen).toEqual(rows.map(({ id }) => id));
      }),
    );
  });

  it('has one entry at least, however long', () => {
    const rows = [0, 1].map((id) => ({ id, content: 'x'.repeat(40_000) }));
    expect(fitPage(pages(rows)(null), 2).items).toHaveLength(1);
  });

  it('says whether it is the last', () => {
    expect(pageEnd({ items: [], next_cursor: 'a' })).toEqual({ truncated: true, next_cursor: 'a' });
    expect(pageEnd({ items: [], next_cursor: null })).toEqual({ truncated: false, next_cursor: null });
  });
});

describe('a long text in a list', () => {
  it('is cut and marked, a short one is left alone', () => {
    const cut = clipContent({ content: 'x'.repeat(5000) });
    expect(cut).toEqual({ content: `${'x'.repeat(4000)}…`, content_truncated: true });
    expect(clipContent({ content: 'short' })).toEqual({ content: 'short' });
  });

  it('is cut as the last message of a chat too', () => {
    const chat = { name: 'Ada', last_message: { content: 'x'.repeat(5000) } };
    expect(clipChat(chat).last_message.content).toHaveLength(4001);
    expect(clipChat({ last_message: null })).toEqual({ last_message: null });
  });
});

describe('the messages around one', () => {
  const rows = (count: number, length: number) =>
    Array.from({ length: count }, (_, id) => ({ id, content: 'x'.repeat(length) }));

  it('keep their order and lose the farthest when they do not fit', () => {
    const { before, after, truncated } = fitAround(rows(20, 1000), rows(20, 1000));
    expect(truncated).toBe(true);
    expect(before.at(-1)?.id).toBe(19);
    expect(after[0]?.id).toBe(0);
    for (const side of [before, after]) {
      const ids = side.map(({ id }) => id);
      expect(ids).toEqual(Array.from(ids, (_, index) => ids[0]! + index));
      expect(side.length).toBeGreaterThan(5);
      expect(JSON.stringify(side).length).toBeLessThan(10_000);
    }
  });

  it('are all there when they fit', () => {
    expect(fitAround(rows(2, 5), rows(3, 5))).toEqual({ before: rows(2, 5), after: rows(3, 5), truncated: false });
  });
});
