import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';
import { openOriginals } from './originals.ts';
import { type ChangedMessage, counts, openJudge } from './rights.ts';

/** A stored message as it is shown now. `sent_type` is its original type, where that is recorded. */
export interface ShownMessage extends ChangedMessage {
  seq: number;
  type: string;
  content: string;
  edited_at: number | null;
  revoked_at: number | null;
  sent_type: string | null;
}

/** An edit or a revoke as it is stored. */
export interface TextChange {
  kind: string;
  actor: string;
  at: number;
  value: string;
}

interface Due {
  revokedAt: number | null;
  edit: TextChange | undefined;
  /** Nothing learned later can restore the text. */
  isFinal: boolean;
}

/** Applies the valid edits and revokes to one message, and undoes those that are no longer valid. */
export type ApplyText = (message: ShownMessage, changes: readonly TextChange[], id: string) => void;

const seconds = (at: number) => Math.floor(at / 1000);

/** `changes` are in order of time. Call it inside a transaction. */
export function textApplier(db: Db): ApplyText {
  const judge = openJudge(db);
  const originals = openOriginals(db);
  const edit = db.prepare(rule('edit_message'));
  const revoke = db.prepare(rule('revoke_message'));
  const forgetEdits = db.prepare(rule('forget_edits'));
  const due = (message: ShownMessage, changes: readonly TextChange[]): Due => {
    const judged = changes.map((change) => ({ change, verdict: judge(change, message) }));
    const last = (kind: string) =>
      judged.findLast(({ change, verdict }) => change.kind === kind && counts(verdict))?.change;
    const revoked = last('revoke');
    const isFinal =
      (message.sent_type ?? message.type) === 'revoked' || judged.some(({ verdict }) => verdict === 'final');
    return { revokedAt: revoked ? seconds(revoked.at) : null, edit: last('edit'), isFinal };
  };
  return (message, changes, id) => {
    const wanted = due(message, changes);
    const { revokedAt, isFinal } = wanted;
    if (!isShown(message, wanted)) {
      originals.restore(message.seq);
      const editedAt = wanted.edit ? seconds(wanted.edit.at) : null;
      if (isFinal || revokedAt !== null) {
        originals.record(message.seq);
        revoke.run({ revoked_at: revokedAt, edited_at: editedAt, seq: message.seq });
        if (isFinal) originals.empty(message.seq);
        else originals.startExpiry(message.seq);
      } else if (wanted.edit) {
        originals.record(message.seq);
        edit.run({ content: wanted.edit.value, edited_at: editedAt, seq: message.seq });
      }
    }
    if (isFinal) forgetEdits.run({ chat_id: message.chatId, id });
  };
}

/** Whether the row is already in its final state. Changes by an earlier version have no recorded original and stay. */
function isShown(message: ShownMessage, { revokedAt, edit, isFinal }: Due): boolean {
  const editedAt = edit ? seconds(edit.at) : null;
  const { type, sent_type: sent } = message;
  if (isFinal || revokedAt !== null) {
    const isTold = type === 'revoked' && message.revoked_at === revokedAt && message.edited_at === editedAt;
    const isPlain = revokedAt === null && editedAt === null;
    if (sent === null) return type === 'revoked' && (isPlain || isTold);
    return isTold && (sent === 'revoked') === isFinal;
  }
  if (edit) return type !== 'revoked' && message.edited_at === editedAt && message.content === edit.value;
  return sent === null;
}
