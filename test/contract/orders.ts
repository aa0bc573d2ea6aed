import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestBatch } from '../../bridges/bridge.ts';
import { migrate, openWriter } from '../../src/store/sqlite/database.ts';
import { openStaging } from '../../src/store/staging/staging.ts';
import { createIngest } from '../../src/sync/ingest.ts';
import { transfer } from '../../src/sync/transfer.ts';
import { seeded } from '../support/random.ts';
import { shuffled, story } from '../support/storm/interleave.ts';
import { me } from '../sync/fixtures.ts';
import { orderCases } from './order-cases.ts';

const now = 1_760_000_000_000;
const stories = { seeds: [1, 2, 3, 4], orders: 2, messages: 16 };

const chat = (id: string) => `(SELECT jid FROM chats AS k WHERE k.id = ${id})`;
const contact = (id: string) => `(SELECT jid FROM contacts AS k WHERE k.id = ${id})`;
const note = (key: string) => `json_extract(merge_note, '$.${key}')`;

/** What two writers must agree on. Numbers of rows are each writer's own: rows are named by address instead. */
export const queries: Record<string, string> = {
  chats: `SELECT jid, kind, name, pn, lid, parent_jid, unread_count, archived, pinned_at, muted_until, ephemeral_seconds, last_message_at, ${chat('c.merged_into')} AS merged, members_at, cleared_at, unread_reported, unread_reported_at, read_upto, separating, ${note('first')} AS first, ${chat(note('kept'))} AS kept, ${note('before')} AS before, ${note('after')} AS after FROM chats AS c ORDER BY jid`,
  chat_aliases: `SELECT alias, ${chat('chat_id')} AS chat FROM chat_aliases ORDER BY alias`,
  contacts: `SELECT jid, pn, lid, saved_name, push_name, business_name, ${contact('c.merged_into')} AS merged FROM contacts AS c ORDER BY jid`,
  contact_aliases: `SELECT alias, ${contact('contact_id')} AS contact FROM contact_aliases ORDER BY alias`,
  contact_names: 'SELECT * FROM contact_names ORDER BY address',
  messages: `SELECT ${chat('chat_id')} AS chat, id, timestamp, wire_chat, sender, from_me, type, content, filename, title, quoted_id, forwarded, view_once, starred, expires_at, edited_at, revoked_at, hidden_at, status, details, hex(raw) AS raw FROM messages ORDER BY 1, id`,
  changes: `SELECT ${chat('chat_id')} AS chat, message_id, kind, actor, at, value, wire_chat FROM changes ORDER BY 1, 2, 3, 4, 5`,
  originals: `SELECT ${chat('m.chat_id')} AS chat, m.id, message_seq IS NULL AS gone, o.type, o.content, o.filename, o.title, o.details, hex(o.raw) AS raw, o.edited_at, o.revoked_at, o.taken_at IS NULL AS lasting FROM originals AS o JOIN messages AS m ON m.seq = message_seq ORDER BY 1, 2`,
  member_words: `SELECT ${chat('chat_id')} AS chat, member, told, role, period, first_at, last_at FROM member_words ORDER BY 1, 2, 3, 4, 5`,
  conflicts: `SELECT ${chat('chat_id')} AS chat, id, timestamp, sender, content, hex(raw) AS raw FROM conflicts ORDER BY 1, 2, 3, 4`,
  checkpoints: `SELECT ${chat('chat_id')} AS chat, status, messages_synced, oldest_message_id, oldest_timestamp, error, completed_at FROM checkpoints ORDER BY 1`,
  deletions: 'SELECT message_id, chat_jid, at FROM deletions ORDER BY 1, 2',
  chat_members: `SELECT ${chat('chat_id')} AS chat, member, role, at FROM chat_members ORDER BY 1, 2`,
  // Who brings the history, and what a program knows, is not the same for both.
  meta: "SELECT key, value FROM meta WHERE key NOT IN ('history_source', 'whatsmeow_schema', 'store_id') ORDER BY key",
};

/** The queries in the first line; then in each line batches in the order in which they came, and what Node made of them. */
export async function orders(): Promise<string[]> {
  const named = Object.entries({ ...orderCases, ...shuffledStories() }).sort(([a], [b]) => (a < b ? -1 : 1));
  const lines = [JSON.stringify({ queries })];
  for (const [name, batches] of named) {
    const tables = await tablesAfter(batches);
    lines.push(JSON.stringify({ name, account: me, now, batches: batches.map(plain), tables }));
  }
  return lines;
}

function shuffledStories(): Record<string, IngestBatch[]> {
  const named: [string, IngestBatch[]][] = stories.seeds.flatMap((seed) => {
    const arrivals = story(seed, stories.messages);
    return Array.from({ length: stories.orders }, (_, order): [string, IngestBatch[]] => [
      `story-${seed}-${order}`,
      shuffled(arrivals, seeded(seed * 100 + order)).map(({ batch }) => batch),
    ]);
  });
  return Object.fromEntries(named);
}

/** Writes batches as the running program does, through staging.db, and reads what messages.db holds then. */
async function tablesAfter(batches: readonly IngestBatch[]): Promise<Record<string, unknown[]>> {
  const folder = mkdtempSync(join(tmpdir(), 'orders-'));
  const staged = join(folder, 'staging.db');
  const db = openWriter(join(folder, 'messages.db'));
  const staging = openStaging(staged);
  try {
    migrate(db);
    for (const one of [db, staging.db]) one.pragma('synchronous = OFF'); // nothing here outlives a power failure
    const sink = createIngest(staging, { quietMs: 1000, now: () => now });
    sink.onLinked(me);
    for (const lane of ['live', 'history'] as const) await transfer(db, staged, lane);
    for (const batch of batches) {
      sink.ingest(batch);
      await transfer(db, staged, batch.lane);
    }
    return Object.fromEntries(Object.entries(queries).map(([table, query]) => [table, db.prepare(query).all()]));
  } finally {
    db.close();
    staging.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A batch as JSON, bytes in base64. */
function plain(batch: IngestBatch): object {
  const inText = (raw: Uint8Array | null) => raw && Buffer.from(raw).toString('base64');
  const { messages } = batch;
  return { ...batch, ...(messages && { messages: messages.map((row) => ({ ...row, raw: inText(row.raw) })) }) };
}
