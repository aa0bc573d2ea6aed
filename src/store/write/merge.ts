import { openOriginals } from '../rights/originals.ts';
import type { Db } from '../sqlite/database.ts';
import { changeApplier } from './apply-changes.ts';
import { openDeletionApplier } from './deletions.ts';
import { changedRows, fillFrom, keepConflict } from './fill.ts';
import { openUnread } from './unread.ts';

export interface MergeStep {
  /** Rows that moved or already existed in the target. */
  rows: number;
  /** Messages that both chats had; the remaining chat's row was filled from the other. */
  duplicates: number;
}

/**
 * Moves the remaining rows of merged chats to their targets, at most `limit` messages per transaction. Each call does
 * one step and returns undefined when nothing is left to move.
 */
export type FollowMerges = (limit: number) => MergeStep | undefined;

export interface Merge {
  gone: number;
  kept: number;
  jid: string;
}

const hasRemainingRows = `
  EXISTS (SELECT 1 FROM main.messages WHERE chat_id = c.id)
  OR EXISTS (SELECT 1 FROM main.changes WHERE chat_id = c.id)
  OR EXISTS (SELECT 1 FROM main.checkpoints WHERE chat_id = c.id)
  OR EXISTS (SELECT 1 FROM main.conflicts WHERE chat_id = c.id)`;

export function openFollowMerges(db: Db): FollowMerges {
  const find = db.prepare(`
    SELECT c.id AS gone, c.merged_into AS kept, c.jid FROM main.chats AS c
    WHERE c.merged_into IS NOT NULL AND (${hasRemainingRows}) ORDER BY c.id LIMIT 1`);
  const lock = db.prepare('UPDATE main.chats SET merged_into = merged_into WHERE id = ? RETURNING merged_into').pluck();
  const next = db.prepare('SELECT seq, id FROM main.messages WHERE chat_id = ? ORDER BY timestamp, id LIMIT ?');
  const countLess = db.prepare(
    'UPDATE main.checkpoints SET messages_synced = max(0, messages_synced - ?) WHERE chat_id = ?',
  );
  const moveRow = rowMover(db);
  const moveRest = restMover(db);
  const step = db.transaction((merge: Merge, limit: number): MergeStep => {
    const kept = lock.get(merge.gone) as number;
    const rows = next.all(merge.gone, limit) as { seq: number; id: string }[];
    let duplicates = 0;
    for (const row of rows) duplicates += moveRow(row, { ...merge, kept });
    if (duplicates > 0) countLess.run(duplicates, merge.gone);
    if (rows.length < limit) moveRest({ ...merge, kept });
    return { rows: rows.length, duplicates };
  });
  return (limit) => {
    const merge = find.get() as Merge | undefined;
    return merge && step(merge, limit);
  };
}

/** Moves one message and its changes to the remaining chat; returns 1 when that chat already had the message. */
export type RowMover = (row: { seq: number; id: string }, merge: Merge) => number;

/**
 * The address that rows arrived under. Rows of a chat under that address do not store it, so it is written when they
 * leave.
 */
const wireChat = 'coalesce(wire_chat, nullif(@jid, (SELECT jid FROM main.chats WHERE id = @kept)))';

export function rowMover(db: Db): RowMover {
  const move = db.prepare(`
    UPDATE OR IGNORE main.messages SET chat_id = @kept, wire_chat = ${wireChat} WHERE seq = @seq`);
  const same = 'm.chat_id = @kept AND m.id = s.id AND s.seq = @seq';
  const fill = db.prepare(fillFrom('main.messages', same));
  const keep = db.prepare(keepConflict('main.messages', same, 's.source'));
  const changed = db.prepare(changedRows('main.messages', same)).pluck();
  const originals = openOriginals(db);
  const remove = db.prepare('DELETE FROM main.messages WHERE seq = @seq');
  const moveChanges = db.prepare(
    `UPDATE OR IGNORE main.changes SET chat_id = @kept, wire_chat = ${wireChat}
     WHERE chat_id = @gone AND message_id = @id`,
  );
  const apply = changeApplier(db);
  const hiding = openDeletionApplier(db);
  return (row, merge) => {
    const params = { ...merge, ...row };
    const moved = move.run(params).changes === 1;
    if (!moved) {
      for (const seq of [row.seq, ...(changed.all(params) as number[])]) originals.restore(seq);
      fill.run(params);
      keep.run(params);
      remove.run(params);
    }
    moveChanges.run(params);
    apply(merge.kept, row.id);
    hiding.apply([row.id]);
    return moved ? 0 : 1;
  };
}

/** Moves what remains after the messages: changes without a message, conflicts, the checkpoint. */
function restMover(db: Db): (merge: Merge) => void {
  const waiting = db.prepare('SELECT DISTINCT message_id FROM main.changes WHERE chat_id = ?').pluck();
  const checkpoint = db.prepare(`
    INSERT INTO main.checkpoints (chat_id, status, messages_synced, oldest_message_id, oldest_timestamp, error,
      started_at, updated_at, completed_at)
    SELECT @kept, status, messages_synced, oldest_message_id, oldest_timestamp, error, started_at, updated_at, completed_at
    FROM main.checkpoints WHERE chat_id = @gone
    ON CONFLICT (chat_id) DO UPDATE SET
      messages_synced = messages_synced + excluded.messages_synced,
      oldest_message_id = CASE WHEN coalesce(excluded.oldest_timestamp < oldest_timestamp, oldest_timestamp IS NULL)
        THEN excluded.oldest_message_id ELSE oldest_message_id END,
      oldest_timestamp = coalesce(min(oldest_timestamp, excluded.oldest_timestamp), oldest_timestamp, excluded.oldest_timestamp),
      updated_at = max(updated_at, excluded.updated_at)`);
  const move = (table: string, also: string) => [
    db.prepare(`UPDATE OR IGNORE main.${table} SET chat_id = @kept${also} WHERE chat_id = @gone`),
    db.prepare(`DELETE FROM main.${table} WHERE chat_id = @gone`),
  ];
  const [moveChanges, dropChanges] = move('changes', `, wire_chat = ${wireChat}`);
  const [moveConflicts, dropConflicts] = move('conflicts', '');
  const unread = openUnread(db);
  const dropCheckpoint = db.prepare('DELETE FROM main.checkpoints WHERE chat_id = @gone');
  const apply = changeApplier(db);
  return ({ kept, gone, jid }) => {
    const ids = waiting.all(gone) as string[];
    moveChanges?.run({ kept, gone, jid });
    moveConflicts?.run({ kept, gone });
    for (const statement of [dropChanges, dropConflicts]) statement?.run({ gone });
    for (const id of ids) apply(kept, id);
    checkpoint.run({ kept, gone });
    dropCheckpoint.run({ gone });
    unread.count(kept);
  };
}
