import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Page } from '../../../src/store/reader.ts';
import { clipContent } from '../../../src/tools/result/clip.ts';
import { fitEntries, fitList } from '../../../src/tools/result/entries.ts';

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

/** The result of a list tool for a page, as much as fits. */
function fitted({ items, cursors, next_cursor }: Page<Row>) {
  const { result, entries } = fitList(
    { rows: items, truncated: next_cursor !== null, next_cursor },
    { field: 'rows', cursors },
  );
  return { ...entries, result, ...(result as { rows: Row[]; truncated: boolean; next_cursor: string | null }) };
}

describe('a page', () => {
  it('is what was asked for when that fits', () => {
    const rows = [0, 1, 2].map((id) => ({ id, content: 'short' }));
    const { result, shown, lines } = fitted(pageFrom(rows, null, 2));
    expect(result).toEqual({ rows: rows.slice(0, 2), truncated: true, next_cursor: '2' });
    expect(shown).toEqual(rows.slice(0, 2));
    expect(lines).toEqual(['id=0 content=short', 'id=1 content=short']);
  });

  it('stays below 20,000 characters in either form, and following its cursor finds every row once', () => {
    const texts = fc.array(fc.integer({ min: 0, max: 30_000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 60 }), (lengths, limit) => {
        const rows = lengths.map((length, id) => clipContent({ id, content: 'x'.repeat(length) }));
        const seen: number[] = [];
        let cursor: string | null = null;
        do {
          const page: ReturnType<typeof fitted> = fitted(pageFrom(rows, cursor, limit));
          expect(JSON.stringify(page.shown).length).toBeLessThan(20_000);
          expect(page.lines.join('\n').length).toBeLessThan(20_000);
          expect(page.shown.map((row) => (row as Row).id)).toEqual(page.rows.map(({ id }) => id));
          expect(page.truncated).toBe(page.next_cursor !== null);
          seen.push(...page.rows.map(({ id }) => id));
          cursor = page.next_cursor;
        } while (cursor !== null);
        expect(seen).toEqual(rows.map(({ id }) => id));
      }),
    );
  });

  it.each([
    ['structured content', 'a"'.repeat(3_000), undefined],
    ['text', 'ab', { columns: Array.from({ length: 3_000 }, () => 'none') }],
  ])('is cut by its longer form: %s', (_, content, line) => {
    const rows = Array.from({ length: 10 }, (_, id) => ({ id, content }));
    const { shown, lines } = fitEntries(rows, line);
    expect(shown.length).toBeLessThan(10);
    expect(Math.max(JSON.stringify(shown).length, lines.join('\n').length)).toBeLessThan(18_600);
    expect(Math.max(JSON.stringify(shown).length, lines.join('\n').length)).toBeGreaterThan(10_000);
  });

  it('has one entry at least, however long', () => {
    const rows = [0, 1].map((id) => ({ id, content: 'x'.repeat(40_000) }));
    expect(fitted(pageFrom(rows, null, 2))).toMatchObject({ rows: rows.slice(0, 1), next_cursor: '1' });
    expect(fitEntries(rows, undefined, { least: 0 }).shown).toEqual([]);
  });

  it('says that it was cut where no cursor can go on', () => {
    const rows = [0, 1].map((id) => ({ id, content: 'x'.repeat(40_000) }));
    const { result } = fitList({ rows, truncated: false }, { field: 'rows' });
    expect(result).toEqual({ rows: rows.slice(0, 1), truncated: true });
  });

  it('knows the names of the fields that are left in its entries, at any depth', () => {
    const { names } = fitEntries([{ id: 1, note: '', last: { poem: 'x', verse: null } }]);
    expect([...names].sort()).toEqual(['id', 'last', 'poem']);
  });
});
