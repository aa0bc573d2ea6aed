import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';
import { rejectRow } from '../staging/cleanup.ts';
import type { Lane, Staging } from '../staging/staging.ts';
import { changeApplier } from '../write/apply-changes.ts';
import { openIdentity } from '../write/identity.ts';
import { isConstraint } from './copy-pass.ts';
import type { Watermark } from './watermark.ts';

interface StagedChange {
  seq: number;
  chat_jid: string;
  message_id: string;
  kind: string;
  actor: string;
  at: number;
  value: string;
}

/**
 * Copies at most `limit` staged changes into messages.db, applies them to their messages and moves the mark; returns
 * their number. A change whose message has not arrived waits in `changes`. Call inside a transaction.
 */
export type CopyChanges = (mark: Watermark, limit: number) => number;

export function changeCopier(db: Db, staging: Staging, lane: Lane): CopyChanges {
  const identity = openIdentity(db);
  const apply = changeApplier(db);
  const select = staging.db.prepare('SELECT * FROM changes WHERE seq > ? AND lane = ? ORDER BY seq LIMIT ?');
  const insert = db.prepare(rule('insert_change'));
  return (mark, limit) => {
    const rows = select.all(mark.last_change_seq, lane, limit) as StagedChange[];
    for (const row of rows) {
      mark.last_change_seq = row.seq;
      const chatId = identity.chatId(row.chat_jid);
      if (chatId === undefined) {
        rejectRow(staging, 'change', row.seq, 'the chat address is no WhatsApp address');
        continue;
      }
      try {
        if (insert.run({ ...row, chat_id: chatId }).changes === 1) apply(chatId, row.message_id);
      } catch (error) {
        if (!isConstraint(error)) throw error;
        rejectRow(staging, 'change', row.seq, error.message);
      }
    }
    return rows.length;
  };
}
