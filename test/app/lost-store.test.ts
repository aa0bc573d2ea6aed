import { copyFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { acceptStore } from '../../src/cli/accept-store.ts';
import { dataPaths } from '../../src/config.ts';
import { adoptStore } from '../../src/store/opening/adopt-store.ts';
import { copyDatabase, withSidecars } from '../../src/store/sqlite/backup.ts';
import { ensureDatabases } from '../../src/store/sqlite/database.ts';
import { openStaging } from '../../src/store/staging/staging.ts';
import { createWorkerTasks } from '../../src/sync/worker-tasks.ts';
import { lookAt, statusOf } from '../support/damage/look.ts';
import { copiedRows, DamageBed, waitingRows } from '../support/damage/place.ts';

const bed = new DamageBed();
afterAll(() => bed.remove());

let dataDir: string;
let paths: ReturnType<typeof dataPaths>;
beforeEach(async () => {
  dataDir = await bed.copy();
  paths = dataPaths(dataDir);
});

const remove = (path: string) => {
  for (const one of withSidecars(path)) rmSync(one, { force: true });
};
const look = () => lookAt(dataDir, ['chats', 'full', 'copy', 'health']);
const accept = () => {
  const said: string[] = [];
  acceptStore({ WHATSAPP_DATA_DIR: dataDir }, {}, { say: (text: string) => said.push(text) } as never);
  return said.join('\n');
};

/** No tool may report success, and nothing may be copied or created. */
async function expectLost(message: RegExp, reads: boolean): Promise<void> {
  const { chats, full, copy, health } = await look();
  const step = expect.stringMatching(/whatsapp-hybrid-mcp restore.*doctor --accept-store/);
  const database = { healthy: false, message: expect.stringMatching(message), next_step: step };
  expect(health?.value).toMatchObject({ database, next_step: step });
  const error = { message: expect.stringMatching(message), hint: step, retryable: false };
  expect(full?.value).toMatchObject({ error_code: 'store_unavailable', ...error });
  expect(copy?.value).toMatchObject({ error_code: 'database_sync_failed', ...error });
  expect(chats?.ok).toBe(reads);
  if (reads) expect(chats?.value).toMatchObject({ incomplete: expect.stringMatching(message), next_step: step });
  else expect(chats?.value).toMatchObject({ error_code: 'store_unavailable', ...error });
  expect(await statusOf(dataDir)).toMatchObject({ code: 1, text: expect.stringMatching(message) });
}

describe('a messages.db that was lost', () => {
  it('is missed when the file is gone, and no empty one takes its place', async () => {
    remove(paths.messages);
    await expectLost(/messages\.db is missing\. About 200 messages/, false);
    expect(existsSync(paths.messages)).toBe(false);
  });

  it('is missed when the file has 0 bytes, which stay so', async () => {
    remove(paths.messages);
    writeFileSync(paths.messages, '');
    await expectLost(/messages\.db is empty\. About 200 messages/, false);
    expect(readFileSync(paths.messages).length).toBe(0);
  });

  it('is missed when another program has made a new one, and that is not filled', async () => {
    remove(paths.messages);
    ensureDatabases(paths);
    await expectLost(/another one has taken its place/, true);
    const db = new Database(paths.messages, { readonly: true });
    expect(db.prepare('SELECT count(*) FROM messages').pluck().get()).toBe(0);
    db.close();
  });

  it('is missed when an older copy of it is put back', async () => {
    const backup = `${dataDir}/older.db`;
    await copyDatabase(paths.messages, backup);
    const jobs = createWorkerTasks({ paths, quietMs: 0 });
    await jobs.transfer('history', { signal: new AbortController().signal, progress: () => {} });
    jobs.close();
    remove(paths.messages);
    copyFileSync(backup, paths.messages);
    await expectLost(/messages\.db is older than it was: about 205 messages/, true);
  });

  it.each([
    ['staging.db is lost too', (): void => remove(paths.staging)],
    ['staging.db is damaged too', (): void => truncateSync(paths.staging, 5000)],
    ['auth.db is lost too', (): void => remove(paths.auth)],
  ])('is missed when %s', async (_, also) => {
    remove(paths.messages);
    also();
    const { health } = await lookAt(dataDir, ['health']);
    expect(health?.value).toMatchObject({ database: { healthy: false, message: expect.stringMatching(/missing/) } });
  });

  it('is missed by a staging.db from before anything was noted, which has let go of its rows', async () => {
    const staging = openStaging(paths.staging);
    staging.db.exec("DELETE FROM meta WHERE key = 'fed_store'");
    staging.close();
    remove(paths.auth);
    remove(paths.messages);
    ensureDatabases(paths);
    await expectLost(/another one has taken its place/, true);
  });
});

describe('replacing messages.db on purpose', () => {
  it('accepts a new one by doctor --accept-store, and what waits is copied into it', async () => {
    remove(paths.messages);
    expect(accept()).toContain('is the accepted one, with 0 messages');
    const { copy, health } = await look();
    expect(copy?.value).toMatchObject({ messages_synced: waitingRows });
    expect(health?.value).toMatchObject({ database: { healthy: true, total_messages: waitingRows } });
  });

  it('accepts an older one by adoptStore, and rows that staging.db still has are copied again', async () => {
    const backup = `${dataDir}/older.db`;
    await copyDatabase(paths.messages, backup);
    const staging = openStaging(paths.staging);
    // Simulates a kill between counting and deleting.
    staging.db.exec("UPDATE lanes SET counted_upto = 205, waiting = 0 WHERE lane = 'history'");
    staging.close();
    remove(paths.messages);
    copyFileSync(backup, paths.messages);
    expect((await lookAt(dataDir, ['copy'])).copy?.ok).toBe(false);
    expect(adoptStore(paths)).toEqual({ messages: copiedRows });
    const { copy, health } = await look();
    expect(copy?.value).toMatchObject({ messages_synced: waitingRows });
    expect(health?.value).toMatchObject({ database: { healthy: true, total_messages: copiedRows + waitingRows } });
  });

  it('gets no alarm for a directory that was wiped, nor for messages deleted from the same file', async () => {
    const db = new Database(paths.messages);
    db.exec('DELETE FROM messages');
    db.close();
    expect((await lookAt(dataDir, ['health'])).health?.value).toMatchObject({ database: { healthy: true } });
    for (const path of [paths.messages, paths.staging, paths.auth, paths.search]) remove(path);
    expect((await look()).health?.value).toMatchObject({ database: { healthy: true, total_messages: 0 } });
  });

  it('loses no rows when the file is replaced while the worker runs', async () => {
    const jobs = createWorkerTasks({ paths, quietMs: 0 });
    const copy = () => jobs.transfer('history', { signal: new AbortController().signal, progress: () => {} });
    await jobs.index(0, new AbortController().signal); // opens messages.db
    remove(paths.messages);
    await expect(copy()).rejects.toMatchObject({ code: 'store_unavailable' });
    adoptStore(paths);
    expect(await copy()).toMatchObject({ messages_synced: waitingRows });
    jobs.close();
  });
});
