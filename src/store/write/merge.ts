import { openOriginals } from '../rights/originals.ts';
import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';
import { changeApplier } from './apply-changes.ts';
import { openDeletionApplier } from './deletions.ts';
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

export function openFollowMerges(db: Db): FollowMerges {
  const find = db.prepare<[], Merge>(rule('next_merge'));
  const lock = db.prepare('UPDATE main.chats SET merged_into = merged_into WHERE id = ? RETURNING merged_into').pluck();
  const next = db.prepare<[object], { seq: number; id: string }>(rule('messages_to_move'));
  const countLess = db.prepare(rule('subtract_synced'));
  const moveRow = rowMover(db);
  const moveRest = restMover(db);
  const step = db.transaction((merge: Merge, limit: number): MergeStep => {
    const kept = lock.get(merge.gone) as number;
    const rows = next.all({ gone: merge.gone, limit });
    let duplicates = 0;
    for (const row of rows) duplicates += moveRow(row, { ...merge, kept });
    if (duplicates > 0) countLess.run({ count: duplicates, gone: merge.gone });
    if (rows.length < limit) moveRest({ ...merge, kept });
    return { rows: rows.length, duplicates };
  });
  return (limit) => {
    const merge = find.get();
    return merge && step(merge, limit);
  };
}

/** Moves one message and its changes to the remaining chat; returns 1 when that chat already had the message. */
export type RowMover = (row: { seq: number; id: string }, merge: Merge) => number;

export function rowMover(db: Db): RowMover {
  const move = db.prepare(rule('move_message'));
  const fill = db.prepare(rule('fill_from_moved'));
  const keep = db.prepare(rule('conflict_from_moved'));
  const changed = db.prepare<[object], number>(rule('changed_before_move')).pluck();
  const originals = openOriginals(db);
  const remove = db.prepare(rule('delete_message'));
  const moveChanges = db.prepare(rule('move_changes_of_message'));
  const apply = changeApplier(db);
  const hiding = openDeletionApplier(db);
  return (row, merge) => {
    const params = { ...merge, ...row };
    const moved = move.run(params).changes === 1;
    if (!moved) {
      for (const seq of [row.seq, ...changed.all(params)]) originals.restore(seq);
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
  const waiting = db.prepare<[object], string>(rule('changes_to_move')).pluck();
  const checkpoint = db.prepare(rule('merge_checkpoint'));
  const moves = [db.prepare(rule('move_changes')), db.prepare(rule('move_conflicts'))];
  const drops = ['changes', 'conflicts'].map((table) => db.prepare(rule('delete_rest', { table })));
  const unread = openUnread(db);
  const dropCheckpoint = db.prepare(rule('delete_rest', { table: 'checkpoints' }));
  const apply = changeApplier(db);
  return ({ kept, gone, jid }) => {
    const ids = waiting.all({ gone });
    for (const statement of [...moves, ...drops]) statement.run({ kept, gone, jid });
    for (const id of ids) apply(kept, id);
    checkpoint.run({ kept, gone });
    dropCheckpoint.run({ gone });
    unread.count(kept);
  };
}
