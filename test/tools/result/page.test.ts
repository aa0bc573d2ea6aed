import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Page } from '../../../src/store/reader.ts';
import { clipChat, clipContent, fitAround, fitHistories, fitPage, pageEnd } from '../../../src/tools/result/page.ts';

interface Row {
  id: number;
  content: string;
}

/** A page of a store of rows whose cursor is the index of the next one. */
function pageFrom(rows: readonly Row[], cursor: string | null, limit: number): Page<Row> {
  const start = Number(cursor ?? 0);
  const items = rows.slice(start, start + limit);
  const cursors = items.map((_, index) => String(start + index + 1));
  return { items, cursors, next_cursor: start + items.length < rows.length ? (cursors.at(-1) ?? null) : null };
}

describe('a page', () => {
  it('is what was asked for when that fits', () => {
    const rows = [0, 1, 2].map((id) => ({ id, content: 'short' }));
    const page = pageFrom(rows, null, 2);
    expect(fitPage(page)).toBe(page);
    expect(page).toMatchObject({ items: rows.slice(0, 2), next_cursor: '2' });
  });

  it('stays below 20,000 characters, and following its cursor finds every row once', () => {
    const texts = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 60 }), (lengths, limit) => {
        const rows = lengths.map((length, id) => clipContent({ id, content: 'x'.repeat(length) }));
        const seen: number[] = [];
        let cursor: string | null = null;
        do {
          const page: Page<Row> = fitPage(pageFrom(rows, cursor, limit));
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
    expect(fitPage(pageFrom(rows, null, 2)).items).toHaveLength(1);
  });

  it('says whether it is the last', () => {
    expect(pageEnd({ next_cursor: 'a' })).toEqual({ truncated: true, next_cursor: 'a' });
    expect(pageEnd({ next_cursor: null })).toEqual({ truncated: false, next_cursor: null });
  });
});

describe('a long text in a list', () => {
  it('is cut and marked, a short one is left alone', () => {
    const cut = clipContent({ content: 'x'.repeat(5000) });
    expect(cut).toEqual({ content: `${'x'.repeat(4000)}…`, content_truncated: true });
    expect(clipContent({ content: 'short' })).toEqual({ content: 'short' });
  });

  it('is a preview as the last message of a chat', () => {
    const chat = { name: 'Ada', last_message: { content: 'x'.repeat(5000) } };
    expect(clipChat(chat).last_message.content).toHaveLength(201);
    expect(clipChat({ last_message: null })).toEqual({ last_message: null });
  });
});

describe('the messages around one', () => {
  const rows = (count: number, length: number) =>
    Array.from({ length: count }, (_, id) => ({ id, content: 'x'.repeat(length) }));

  const message = { id: -1, content: 'x'.repeat(5000) };

  it('keep their order and lose the farthest when they do not fit', () => {
    const around = fitAround({ message, before: rows(20, 1000), after: rows(20, 1000) });
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
