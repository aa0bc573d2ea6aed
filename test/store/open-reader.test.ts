import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dataPaths } from '../../src/config.ts';
import { openReader } from '../../src/store/open-reader.ts';
import { knownVersion, openWriter } from '../../src/store/sqlite/database.ts';
import { MessagesDb } from '../support/rows/messages-db.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'reader-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('a reader', () => {
  test('opens no file before its first use, then creates messages.db and answers', () => {
    const paths = dataPaths(join(folder, 'data'));
    const reader = openReader(paths);
    expect(existsSync(paths.messages)).toBe(false);
    expect(reader.health()).toEqual({
      healthy: true,
      path: paths.messages,
      schema_version: knownVersion(),
      total_messages: 0,
      message: null,
    });
    expect(existsSync(paths.search)).toBe(false);
    expect(reader.messages.query({ content: 'x', include_media: true, limit: 5, offset: 0 }).items).toEqual([]);
    expect(reader.messages.unindexed()).toBe(0);
    reader.close();
    reader.close();
  });

  test('reports a file that is too new or damaged instead of failing', () => {
    const paths = dataPaths(folder);
    const db = openWriter(paths.messages);
    db.pragma(`user_version = ${knownVersion() + 1}`);
    db.exec('CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT)');
    db.close();
    const reader = openReader(paths);
    expect(reader.health()).toMatchObject({
      healthy: false,
      total_messages: 0,
      message: expect.stringMatching(/schema version/),
    });
    expect(() => reader.messages).toThrow(expect.objectContaining({ code: 'schema_mismatch' }));
    for (const suffix of ['', '-wal', '-shm']) rmSync(paths.messages + suffix, { force: true });
    writeFileSync(paths.messages, 'rubbish'.repeat(1000));
    expect(reader.health()).toMatchObject({
      healthy: false,
      message: 'messages.db is no database, or its beginning is damaged.',
      next_step: expect.stringContaining('doctor --salvage FILE'),
    });
  });

  test('reads while another connection holds the write lock', () => {
    const db = new MessagesDb();
    db.message(db.chat('15550101@s.whatsapp.net'), { content: 'committed' });
    db.index.indexNew(db.db);
    expect(db.query({ content: 'committed' }).total).toBe(1);
    db.db.exec('BEGIN IMMEDIATE');
    db.db.exec("UPDATE messages SET content = 'not yet'");
    expect(db.query({ content: 'committed' }).items[0]?.content).toBe('committed');
    db.db.exec('ROLLBACK');
    db.close();
  });
});
