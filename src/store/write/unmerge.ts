import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';
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

interface StrayChange {
  message_id: string;
  target: number | null;
}

interface StrayConflict {
  seq: number;
  message_id: string;
  target: number;
}

export function openFollowSeparations(db: Db): FollowSeparations {
  const find = db.prepare<[], SeparatingChat>(rule('next_unmerge'));
  const lock = db.prepare('UPDATE main.chats SET separating = separating WHERE id = ?');
  const strays = db.prepare<[object], StrayRow>(rule('stray_messages'));
  const moveRow = rowMover(db);
  const note = openChatUpdates(db);
  const finish = finisher(db, note);
  const step = db.transaction((parting: SeparatingChat, limit: number): void => {
    lock.run(parting.id);
    const rows = strays.all({ ...parting, limit });
    const moved = new Map<number, number>();
    for (const row of rows) {
      moveRow(row, { gone: parting.id, kept: row.target, jid: parting.separating });
      moved.set(row.target, (moved.get(row.target) ?? 0) + 1);
    }
    for (const [target, count] of moved) note(parting.id, target, count);
    if (rows.length < limit) finish(parting);
  });
  return (limit) => {
    const parting = find.get();
    if (parting) step(parting, limit);
    return parting !== undefined;
  };
}

/** Updates a chat's derived data after `count` of its rows arrived from another chat. */
function openChatUpdates(db: Db): (from: number, target: number, count: number) => void {
  const unread = openUnread(db);
  const activity = db.prepare(rule('recount_activity'));
  const checkpoint = db.prepare(rule('checkpoint_of_moved'));
  const countLess = db.prepare(rule('checkpoint_of_left'));
  return (from, target, count) => {
    checkpoint.run({ from, target, count });
    countLess.run({ from, count });
    for (const id of [from, target]) {
      activity.run({ id });
      unread.count(id);
    }
  };
}

/** Moves what remains after the messages: changes without a message, conflicts, the address to show. */
function finisher(db: Db, note: ReturnType<typeof openChatUpdates>): (parting: SeparatingChat) => void {
  const changes = db.prepare<[object], StrayChange>(rule('stray_changes'));
  const moveChange = db.prepare(rule('move_stray_change'));
  const conflicts = db.prepare<[object], StrayConflict>(rule('stray_conflicts'));
  const restore = db.prepare(rule('message_from_conflict'));
  const drop = db.prepare(rule('delete_conflict'));
  const settle = db.prepare<[object], { pn: string | null; lid: string | null }>(rule('end_unmerge'));
  const aliases = aliasTable(db, 'chat');
  const notes = openMergeLog(db);
  const apply = changeApplier(db);
  return (parting) => {
    for (const row of changes.all(parting)) {
      if (row.target === null) continue;
      moveChange.run({ ...parting, ...row });
      apply(row.target, row.message_id);
    }
    for (const { seq, message_id, target } of conflicts.all(parting)) {
      if (restore.run({ seq, target }).changes === 1) drop.run({ seq });
      apply(target, message_id);
      note(parting.id, target, 0);
    }
    const { pn, lid } = settle.get({ id: parting.id }) ?? { pn: null, lid: null };
    const first = pn === null || lid === null ? undefined : aliases.name(parting.id, { pn, lid });
    if (first !== undefined) notes.recordFirst(parting.id, first);
    note(parting.id, parting.id, 0);
  };
}
