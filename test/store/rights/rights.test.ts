import { expect, test } from 'vitest';
import { rights } from '../../../src/domain/rights.ts';
import { playInNode, rightsPart } from '../../support/rights/play.ts';

test('a thousand random changes get the verdict of the table, whatever is known and in any order', async () => {
  const outcomes = { edited: 0, revoked: 0, undoable: 0, kept: 0 };
  for (const first of [0, 500]) {
    const part = rightsPart(2, first, 500);
    const stored = await playInNode(part);
    const wrong = stored.flatMap((row, n) =>
      JSON.stringify(row) === JSON.stringify(part.rows[n])
        ? []
        : [{ stored: row, expected: part.rows[n], of: part.cases.find(({ message }) => message.id === row.id) }],
    );
    expect(wrong.slice(0, 2)).toEqual([]);
    expect(stored).toHaveLength(part.rows.length);
    for (const { edited_at, type, kept } of stored) {
      if (type !== 'revoked') outcomes[edited_at === null ? 'kept' : 'edited']++;
      else outcomes[kept === '' ? 'revoked' : 'undoable']++;
    }
  }
  for (const count of Object.values(outcomes)) expect(count).toBeGreaterThan(50);
}, 60_000);

test('the table has one verdict for each change by each kind of person', () => {
  const named = rights.map(({ change, by }) => `${change} by ${by}`);
  expect(new Set(named).size).toBe(named.length);
});
