import type { Db } from '../sqlite/database.ts';
import { aliasTable } from './aliases.ts';
import { changeApplier } from './apply-changes.ts';
import { rowMover } from './merge.ts';
import { openMergeLog } from './merge-undo.ts';
import { openUnread } from './unread.ts';

/**
 * Moves rows of separated chats back to the chats of the addresses they arrived under, at most `limit` messages per
 * transaction. Each call does one step and returns false when nothing is left.
 */
export type FollowSeparations = (limit: number) => boolean;

interface SeparatingChat {
  id: number;
  separating: string;
}

interface StrayRow {
  seq: number;
  id: string;
  target: number;
}

/** The chat of an address, unless it is this chat or the one it was merged into. */
const otherChatOf = (address: string) => `
  (SELECT a.chat_id FROM main.chat_aliases AS a JOIN main.chats AS c ON c.id = @id
   WHERE a.alias = ${address} AND a.chat_id NOT IN (c.id, coalesce(c.merged_into, c.id)))`;

export function openFollowSeparations(db: Db): FollowSeparations {
  const find = db.prepare('SELECT id, separating FROM main.chats WHERE separating IS NOT NULL ORDER BY id LIMIT 1');
  const lock = db.prepare('UPDATE main.chats SET separating = separating WHERE id = ?');
  const strays = db.prepare(`
    SELECT * FROM (SELECT seq, id, ${otherChatOf('coalesce(m.wire_chat, @separating)')} AS target
      FROM main.messages AS m WHERE chat_id = @id) WHERE target IS NOT NULL LIMIT @limit`);
  const moveRow = rowMover(db);
  const note = openChatUpdates(db);
  const finish = finisher(db, note);
  const step = db.transaction((parting: SeparatingChat, limit: number): void => {
    lock.run(parting.id);
    const rows = strays.all({ ...parting, limit }) as StrayRow[];
    const moved = new Map<number, number>();
    for (const row of rows) {
      moveRow(row, { gone: parting.id, kept: row.target, jid: parting.separating });
      moved.set(row.target, (moved.get(row.target) ?? 0) + 1);
    }
    for (const [target, count] of moved) note(parting.id, target, count);
    if (rows.length < limit) finish(parting);
  });
  return (limit) => {
    const parting = find.get() as SeparatingChat | undefined;
    if (parting) step(parting, limit);
    return parting !== undefined;
  };
}

const oldest = (column: string, chat: string) =>
  `(SELECT ${column} FROM main.messages WHERE chat_id = ${chat} ORDER BY timestamp, id LIMIT 1)`;

/** Updates a chat's derived data after `count` of its rows arrived from another chat. */
function openChatUpdates(db: Db): (from: number, target: number, count: number) => void {
  const unread = openUnread(db);
  const activity = db.prepare(`
    UPDATE main.chats SET last_message_at = coalesce((SELECT max(m.timestamp) FROM main.chats AS c
      JOIN main.messages AS m ON m.chat_id = c.id WHERE c.id = chats.id OR c.merged_into = chats.id), last_message_at)
    WHERE id = ?`);
  const checkpoint = db.prepare(`
    INSERT INTO main.checkpoints (chat_id, status, messages_synced, oldest_message_id, oldest_timestamp, error,
      started_at, updated_at, completed_at)
    SELECT @target, status, min(messages_synced, @count), ${oldest('id', '@target')}, ${oldest('timestamp', '@target')},
      error, started_at, updated_at, completed_at FROM main.checkpoints WHERE chat_id = @from
    ON CONFLICT (chat_id) DO UPDATE SET messages_synced = messages_synced + excluded.messages_synced,
      oldest_message_id = excluded.oldest_message_id, oldest_timestamp = excluded.oldest_timestamp`);
  const countLess = db.prepare(`
    UPDATE main.checkpoints SET messages_synced = max(0, messages_synced - @count),
      oldest_message_id = ${oldest('id', '@from')}, oldest_timestamp = ${oldest('timestamp', '@from')}
    WHERE chat_id = @from`);
  return (from, target, count) => {
    checkpoint.run({ from, target, count });
    countLess.run({ from, count });
    for (const id of [from, target]) {
      activity.run(id);
      unread.count(id);
    }
  };
}

/** Moves what remains after the messages: changes without a message, conflicts, the address to show. */
function finisher(db: Db, note: ReturnType<typeof openChatUpdates>): (parting: SeparatingChat) => void {
  const changes = db.prepare(`
    SELECT message_id, kind, actor, at, ${otherChatOf('coalesce(x.wire_chat, @separating)')} AS target
    FROM main.changes AS x WHERE chat_id = @id AND NOT EXISTS (
      SELECT 1 FROM main.messages AS m WHERE m.chat_id = x.chat_id AND m.id = x.message_id)`);
  const moveChange = db.prepare(`
    UPDATE OR IGNORE main.changes SET chat_id = @target, wire_chat = coalesce(wire_chat, @separating)
    WHERE chat_id = @id AND message_id = @message_id AND kind = @kind AND actor = @actor AND at = @at`);
  // The kind of such a message is unknown, except that it is not ours.
  const conflicts = db.prepare(`
    SELECT c.seq, c.id AS message_id, coalesce(${otherChatOf('c.sender')}, @id) AS target FROM main.conflicts AS c
    WHERE c.chat_id = @id AND c.sender IS NOT NULL AND NOT EXISTS (SELECT 1 FROM main.messages AS m
      WHERE m.id = c.id AND m.chat_id = coalesce(${otherChatOf('c.sender')}, @id))`);
  const restore = db.prepare(`
    INSERT INTO main.messages (chat_id, id, timestamp, wire_chat, sender, from_me, type, content, raw, source)
    SELECT @target, id, timestamp, sender, sender, 0, 'unsupported', content, raw, source
    FROM main.conflicts WHERE seq = @seq ON CONFLICT (chat_id, id) DO NOTHING`);
  const drop = db.prepare('DELETE FROM main.conflicts WHERE seq = ?');
  const settle = db.prepare('UPDATE main.chats SET separating = NULL WHERE id = ? RETURNING pn, lid');
  const aliases = aliasTable(db, 'chat');
  const notes = openMergeLog(db);
  const apply = changeApplier(db);
  return (parting) => {
    for (const row of changes.all(parting) as { message_id: string; target: number | null }[]) {
      if (row.target === null) continue;
      moveChange.run({ ...parting, ...row });
      apply(row.target, row.message_id);
    }
    for (const { seq, message_id, target } of conflicts.all(parting) as (StrayRow & { message_id: string })[]) {
      if (restore.run({ seq, target }).changes === 1) drop.run(seq);
      apply(target, message_id);
      note(parting.id, target, 0);
    }
    const { pn, lid } = settle.get(parting.id) as { pn: string | null; lid: string | null };
    const first = pn === null || lid === null ? undefined : aliases.name(parting.id, { pn, lid });
    if (first !== undefined) notes.recordFirst(parting.id, first);
    note(parting.id, parting.id, 0);
  };
}
