import { closeSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../src/cli/program.ts';
import { dataPaths } from '../../src/config.ts';
import { openReader } from '../../src/store/open-reader.ts';
import { withSidecars } from '../../src/store/sqlite/backup.ts';
import { type DamageName, damageFile } from '../support/damage/kinds.ts';
import { lookAt } from '../support/damage/look.ts';
import { copiedRows, DamageBed, rareWord, waitingRows } from '../support/damage/place.ts';
import { seeded } from '../support/random.ts';

const bed = new DamageBed();
afterAll(() => bed.remove());

let dataDir: string;
let paths: ReturnType<typeof dataPaths>;
beforeEach(async () => {
  dataDir = await bed.copy();
  paths = dataPaths(dataDir);
});

describe('search.db', () => {
  it.each(['missing', 'empty', 'a text file', 'cut in half'] as const)(
    '%s, is made again unnoticed',
    async (damage) => {
      damageFile(paths.search, damage, 1);
      const { search, copy, health } = await lookAt(dataDir, ['search', 'copy', 'search', 'health']);
      expect(search?.value).toMatchObject({ total: 1, total_is_exact: true });
      expect(search?.value).not.toHaveProperty('incomplete');
      expect(copy?.value).toMatchObject({ messages_synced: waitingRows });
      expect(health?.value).toMatchObject({ database: { healthy: true } });
      const reader = openReader(paths);
      expect(reader.messages.unindexed()).toBe(0);
      reader.close();
    },
  );

  it('of another program is left as it is, and searches say that they do without', async () => {
    damageFile(paths.search, 'of another program', 1);
    const before = statSync(paths.search);
    const { search, copy } = await lookAt(dataDir, ['copy', 'search']);
    expect(copy?.value).toMatchObject({ messages_synced: waitingRows });
    expect(search?.value).toMatchObject({
      total: 1,
      incomplete: expect.stringMatching(/search\.db belongs to another program.*newest 20,000 messages/),
      next_step: expect.stringContaining('WHATSAPP_DATA_DIR'),
    });
    expect(statSync(paths.search)).toMatchObject({ size: before.size, mtimeMs: before.mtimeMs });
  });

  it('that cannot be written is done without, and the words in it are found again once it can', () => {
    damageFile(paths.search, 'missing', 1);
    const { messages, close } = openReader(paths);
    messages.searchWithout({ message: 'The search index is behind: the disk is full.', next_step: 'Make room.' });
    const query = { content: rareWord, include_media: true, limit: 5, offset: 0 };
    expect(messages.query(query)).toMatchObject({ total: 1, total_is_exact: true });
    expect(messages.searchNotice()).toMatchObject({ message: expect.stringContaining('newest 20,000') });
    close();
  });
});

describe('auth.db', () => {
  it.each(['first page zeroed', 'a text file', 'of another program'] as const)(
    '%s: reading goes on, staged rows are copied, and a pairing says which file it is',
    async (damage: DamageName) => {
      damageFile(paths.auth, damage, 1);
      const { statistics, copy, pairing } = await lookAt(dataDir, ['statistics', 'copy', 'pairing']);
      expect(statistics?.value).toMatchObject({ total_messages: copiedRows, pending_sync: waitingRows });
      expect(copy?.value).toMatchObject({ messages_synced: waitingRows });
      expect(pairing?.value).toMatchObject({
        error_code: 'store_unavailable',
        message: expect.stringMatching(/^auth\.db /),
        hint: expect.any(String),
        retryable: false,
      });
    },
  );
});

describe('staging.db', () => {
  it('with 24 bytes overwritten where it is read costs the count of what waits, and the copy says what to do', async () => {
    const random = seeded(3);
    const file = openSync(paths.staging, 'r+');
    // Damages the list of tables, so that every query fails.
    writeSync(file, Buffer.from(Array.from({ length: 24 }, () => Math.floor(random() * 256))), 0, 24, 100);
    closeSync(file);
    const { chats, statistics, search, health, copy } = await lookAt(dataDir, [
      ...(['chats', 'statistics', 'search', 'health', 'copy'] as const),
    ]);
    for (const answer of [chats, statistics, search]) {
      expect(answer).toMatchObject({
        ok: true,
        value: { incomplete: expect.stringMatching(/^Messages .* staging\.db/) },
      });
      expect(answer?.value).not.toHaveProperty('pending_sync');
    }
    expect(statistics?.value).toMatchObject({ total_messages: copiedRows });
    expect(health?.value).toMatchObject({
      database: { healthy: false, total_messages: copiedRows, message: expect.stringContaining('staging.db') },
    });
    expect(copy?.value).toMatchObject({
      error_code: 'database_sync_failed',
      message: expect.stringContaining('staging.db'),
      hint: expect.stringContaining('move it away'),
      retryable: false,
    });
  });

  it('that comes back is read again by the same server', async () => {
    const reader = await import('../../src/store/staging/view.ts');
    const file = new reader.StagingFile(paths.staging);
    expect(file.view()).toBeDefined();
    for (const path of withSidecars(paths.staging)) rmSync(path, { force: true });
    expect(file.view()).toBeUndefined();
    file.close();
  });
});

it('no command shows a raw stack for a data directory that is a file', async () => {
  const path = `${dataDir}/a-file`;
  writeFileSync(path, '');
  const said: string[] = [];
  const write = process.stderr.write;
  process.stderr.write = ((text: string) => said.push(text) > 0) as typeof write;
  try {
    expect(await runCommandLine(['doctor', '--accept-store', '--data-dir', path])).toBe(1);
  } finally {
    process.stderr.write = write;
  }
  expect(said.join('')).not.toMatch(/\n\s+at |SQLITE|ENOTDIR/);
});
