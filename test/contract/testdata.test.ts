import { describe, expect, test } from 'vitest';
import { readers } from '../../bridges/baileys/translate/content.ts';
import { stale } from '../../scripts/generate.ts';
import { openBed } from '../sync/fixtures.ts';
import { contents } from './contents.ts';
import { queries } from './orders.ts';
import { testdata } from './testdata.ts';

/** What each program has of its own: numbers of rows, its name, its clock, how far it copied, its search index. */
const own: Record<string, readonly string[] | 'all'> = {
  chats: ['id'],
  contacts: ['id'],
  messages: ['seq', 'source'],
  conflicts: ['seq', 'source'],
  checkpoints: ['started_at', 'updated_at'],
  watermarks: 'all',
  search_log: 'all',
};

describe('What holds the Go program to the Node program', () => {
  test('is what the writer and the translators of Node make today; npm run generate makes it anew', async () => {
    const made = await testdata();
    expect(stale(made).filter((path) => made.has(path))).toEqual([]);
  }, 60_000); // every batch is committed to the disk, which a busy machine is slow at

  test('holds a message of every kind that Node reads', () => {
    const sent = JSON.stringify(contents);
    const missing = Object.keys(readers).filter((field) => !sent.includes(`"${field}":`));
    expect(missing).toEqual([]);
  });

  test('compares every table and column of messages.db, so that a migration is not written by one program alone', () => {
    const { rows } = openBed();
    const columns = rows(
      `SELECT m.name AS tab, c.name AS col FROM sqlite_schema AS m, pragma_table_info(m.name) AS c WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'`,
    ) as { tab: string; col: string }[];
    const forgotten = columns.filter(({ tab, col }) => {
      const kept = own[tab] ?? [];
      const query = queries[tab] ?? '';
      return (
        kept !== 'all' &&
        !kept.includes(col) &&
        !query.startsWith('SELECT *') &&
        !new RegExp(`\\b${col}\\b`).test(query)
      );
    });
    expect(columns.length).toBeGreaterThan(50);
    expect(forgotten).toEqual([]);
  });
});
