import { messageColumns } from '../../src/domain/message.ts';
import { type Db, migrate, openWriter } from '../../src/store/sqlite/database.ts';
import { openStaging } from '../../src/store/staging/staging.ts';
import { type TransferPoint, transfer } from '../../src/sync/transfer.ts';

/** One sample in a separate process: `transfer-sample.ts <variant> <messages.db> <staging.db> <rows>` prints JSON. */
const [variant = '', messagesPath = '', stagingPath = '', rowsText = '0'] = process.argv.slice(2);
const expected = Number(rowsText);
const columns = messageColumns.join(', ');

function requireRows(db: Db, table: string, rows: number): void {
  const found = db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
  if (found !== rows) throw new Error(`${table} has ${found} rows, not ${rows}`);
}

/** The upper limit of SQLite: the same columns without key, index or constraint. */
function raw(db: Db): Record<string, number> {
  db.exec(`CREATE TABLE raw (chat_id INTEGER, ${columns}, source TEXT)`);
  db.prepare('ATTACH ? AS staging').run(stagingPath);
  const begun = performance.now();
  db.exec(`INSERT INTO raw SELECT 1, ${columns}, 'baileys' FROM staging.messages`);
  db.pragma('main.wal_checkpoint(TRUNCATE)');
  const copy = performance.now() - begun;
  requireRows(db, 'raw', expected);
  return { copy };
}

/** The obvious implementation: read a row, insert a row, a thousand per transaction. */
function loop(db: Db): Record<string, number> {
  migrate(db);
  const staging = openStaging(stagingPath);
  const insert = db.prepare(`
    INSERT INTO messages (chat_id, source, ${columns})
    VALUES (@chat_id, 'baileys', ${messageColumns.map((name) => `@${name}`).join(', ')})
    ON CONFLICT (chat_id, id) DO NOTHING`);
  const addChat = db.prepare("INSERT INTO chats (jid, kind) VALUES (?, 'direct') ON CONFLICT DO NOTHING");
  const chatId = db.prepare('SELECT id FROM chats WHERE jid = ?').pluck();
  const begun = performance.now();
  const rows = staging.db.prepare(`SELECT chat_jid, ${columns} FROM messages ORDER BY seq`).iterate();
  let inTransaction = 0;
  db.exec('BEGIN');
  for (const row of rows as Iterable<{ chat_jid: string }>) {
    addChat.run(row.chat_jid);
    insert.run({ ...row, chat_id: chatId.get(row.chat_jid) });
    if (++inTransaction % 1000 === 0) db.exec('COMMIT; BEGIN');
  }
  db.exec('COMMIT');
  db.pragma('main.wal_checkpoint(TRUNCATE)');
  const copy = performance.now() - begun;
  requireRows(db, 'messages', expected);
  staging.close();
  return { copy };
}

async function timed(
  db: Db,
  stagingFile: string,
): Promise<{ copy: number; total: number; result: Awaited<ReturnType<typeof transfer>> }> {
  const begun = performance.now();
  let copy = 0;
  const at = (point: TransferPoint) => {
    if (point === 'durable') copy = performance.now() - begun;
  };
  const result = await transfer(db, stagingFile, 'history', { at });
  return { copy, total: performance.now() - begun, result };
}

/** A first copy, the same rows again from a second staging.db, and a third call with nothing to do. */
async function ours(db: Db, secondStaging: string): Promise<Record<string, number>> {
  migrate(db);
  const before = process.memoryUsage().rss;
  const fresh = await timed(db, stagingPath);
  const growth = (process.resourceUsage().maxRSS * 1024 - before) / 1_000_000;
  requireRows(db, 'messages', expected);
  if (fresh.result.messages_synced !== expected) throw new Error('the first copy counted wrong');
  const nothing = await timed(db, stagingPath);
  if (nothing.result.messages_synced + nothing.result.duplicates_skipped !== 0) throw new Error('nothing was new');
  db.exec('DETACH staging');
  const again = await timed(db, secondStaging);
  if (again.result.duplicates_skipped !== expected) throw new Error('the second copy counted wrong');
  requireRows(db, 'messages', expected);
  return {
    copy: fresh.copy,
    total: fresh.total,
    duplicates: again.copy,
    nothing: nothing.total,
    growth,
  };
}

const db = openWriter(messagesPath);
const result = variant === 'raw' ? raw(db) : variant === 'loop' ? loop(db) : await ours(db, `${stagingPath}.again`);
db.close();
console.log(JSON.stringify(result));
