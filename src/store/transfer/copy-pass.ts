import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';
import { rejectRow } from '../staging/cleanup.ts';
import type { Lane, Staging } from '../staging/staging.ts';
import { changeApplier } from '../write/apply-changes.ts';
import { openDeletionApplier } from '../write/deletions.ts';
import { openIdentity } from '../write/identity.ts';
import { openUnread } from '../write/unread.ts';
import { type Copier, type CopyRange, openCopier } from './copy-rows.ts';
import type { Watermark } from './watermark.ts';

/** The result of one run; `rows` counts staged rows without repeats. */
export interface RunOutcome {
  chatId: number;
  inserted: number;
  rows: number;
}

export interface RowCopier {
  /** The chats that an interrupted pass had finished. */
  chatsBefore(mark: Watermark): Set<number>;
  /** Copies at most `limit` rows from the mark on and moves the mark; undefined when none are left. */
  copyNext(mark: Watermark & { pass_upto: number }, limit: number): RunOutcome | undefined;
}

/** Copies staged messages in runs, each from one chat. Call inside a transaction that holds the write lock. */
export function rowCopier(db: Db, staging: Staging, lane: Lane): RowCopier {
  const copier = openCopier(db);
  const identity = openIdentity(db);
  const apply = changeApplier(db);
  const note = runNotes(db, lane);
  const unread = openUnread(db);
  const hiding = openDeletionApplier(db);
  const touched = new Set<string>();
  let last: string | undefined;
  // Counting scans a chat, so it happens once per chat, when the pass moves to the next one. A chat that another
  // process or an interrupted copy was working on may have uncounted rows.
  const finishChat = (jid: string | null): void => {
    const chatId = jid !== null && (touched.delete(jid) || jid !== last) ? identity.chatId(jid) : undefined;
    if (chatId !== undefined) unread.count(chatId);
    last = jid ?? undefined;
  };
  return {
    chatsBefore: (mark) => {
      const ids = copier.chatsUpto(lane, mark).map((jid) => identity.chatId(jid));
      return new Set(ids.filter((id) => id !== undefined));
    },
    copyNext: (mark, limit) => {
      const found = nextRange(copier, mark, lane, limit);
      if (found?.range.jid !== mark.pass_chat) finishChat(mark.pass_chat);
      if (!found) return undefined;
      const { range, rows, repeats, variants } = found;
      const chatId = identity.chatId(range.jid);
      const counts =
        chatId === undefined
          ? rejectAll(copier, staging, range)
          : copyRun(copier, staging, range, chatId, variants > 0 ? null : rows);
      mark.synced += counts.inserted;
      mark.failed += counts.failed;
      mark.duplicates += rows + repeats - counts.inserted - counts.failed;
      Object.assign(mark, { pass_chat: range.jid, pass_timestamp: range.upto_timestamp, pass_id: range.upto_id });
      if (chatId !== undefined) {
        for (const id of copier.changed(range, chatId)) apply(chatId, id);
        if (hiding.hasAny()) hiding.apply(copier.deleted(range));
        note(chatId, copier.span(range, chatId), counts.inserted);
      }
      if (counts.inserted > 0) touched.add(range.jid);
      last = range.jid;
      return { chatId: chatId ?? 0, inserted: counts.inserted, rows };
    },
  };
}

const start = { timestamp: Number.MIN_SAFE_INTEGER, id: '' };
const end = { timestamp: Number.MAX_SAFE_INTEGER, id: '' };

/** The next run after the mark: in the same chat, or in the next one. */
function nextRange(copier: Copier, mark: Watermark & { pass_upto: number }, lane: Lane, limit: number) {
  const bounds = { lane, after_seq: mark.last_seq, upto_seq: mark.pass_upto };
  let jid = mark.pass_chat ?? copier.nextChat(bounds, '');
  let after = { timestamp: mark.pass_timestamp ?? start.timestamp, id: mark.pass_id ?? start.id };
  while (jid !== undefined) {
    const open = {
      ...bounds,
      jid,
      after_timestamp: after.timestamp,
      after_id: after.id,
      upto_timestamp: end.timestamp,
      upto_id: end.id,
    };
    const upto = copier.boundary(open, limit) ?? end;
    const range: CopyRange = { ...open, upto_timestamp: upto.timestamp, upto_id: upto.id };
    const facts = copier.facts(range);
    if (facts.rows > 0) return { range, ...facts };
    jid = copier.nextChat(bounds, jid);
    after = start;
  }
  return undefined;
}

interface RunCounts {
  inserted: number;
  failed: number;
}

/**
 * `rows` is null when the rows must be copied one by one. A bad row rolls the run back, and the run is repeated without
 * the bad rows.
 */
function copyRun(copier: Copier, staging: Staging, range: CopyRange, chatId: number, rows: number | null): RunCounts {
  if (rows !== null) {
    try {
      const counts = copier.copy(range, chatId, rows);
      return { inserted: counts.inserted, failed: counts.conflicts };
    } catch (error) {
      if (!isConstraint(error)) throw error;
    }
  }
  const total = { inserted: 0, failed: 0 };
  for (const seq of copier.seqs(range)) {
    try {
      const counts = copier.copyOne(seq, range.jid, chatId);
      total.inserted += counts.inserted;
      total.failed += counts.conflicts;
    } catch (error) {
      if (!isConstraint(error)) throw error;
      rejectRow(staging, 'message', seq, error.message);
      total.failed++;
    }
  }
  return total;
}

function rejectAll(copier: Copier, staging: Staging, range: CopyRange): RunCounts {
  const seqs = copier.seqs(range);
  for (const seq of seqs) rejectRow(staging, 'message', seq, 'the chat address is no WhatsApp address');
  return { inserted: 0, failed: seqs.length };
}

/** SQLite's message names the constraint and its columns, never a value. */
export function isConstraint(error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQLITE_CONSTRAINT');
}

/** Updates each chat's last activity and, for history, its checkpoint along with its rows. */
function runNotes(db: Db, lane: Lane) {
  const activity = db.prepare(rule('note_activity'));
  const checkpoint = db.prepare(rule('note_history'));
  return (id: number, span: ReturnType<Copier['span']>, inserted: number): void => {
    if (!span) return;
    activity.run({ ...span, id });
    const now = Math.floor(Date.now() / 1000);
    if (lane === 'history') checkpoint.run({ ...span, id, inserted, now });
  };
}

/** Call when all history is copied. A chat that is being fetched further back stays in progress. */
export function completeCheckpoints(db: Db): void {
  const now = Math.floor(Date.now() / 1000);
  db.prepare(rule('complete_checkpoints')).run({ now });
}
