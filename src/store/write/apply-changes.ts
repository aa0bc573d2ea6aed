import { type DeliveryState, deliveryStates } from '../../domain/states.ts';
import { type ShownMessage, type TextChange, textApplier } from '../rights/apply-text.ts';
import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';
import { openUnread } from './unread.ts';

interface Target extends ShownMessage {
  from_me: number;
  starred: number;
  status: string | null;
}

/** Applies all known changes to a stored message; does nothing while the message is not stored. */
export type ApplyChanges = (chatId: number, messageId: string) => void;

const rank = (state: string | null): number => {
  const index = deliveryStates.indexOf(state as DeliveryState);
  return index <= deliveryStates.indexOf('played') ? index : -1;
};
const readRank = rank('read');

/** The result depends only on the set of changes, not on their order of arrival. Call inside a transaction. */
export function changeApplier(db: Db): ApplyChanges {
  const target = db.prepare<[object], Target>(rule('changed_message'));
  const changes = db.prepare<[object], TextChange>(rule('changes_of_message'));
  const applyText = textApplier(db);
  const unread = openUnread(db);
  const mark = db.prepare(rule('set_status'));

  return (chatId, messageId) => {
    const key = { chat_id: chatId, id: messageId };
    const rows = changes.all(key);
    const message = rows.length > 0 ? target.get(key) : undefined;
    if (!message) return;
    applyText(message, rows.filter(isOfText), messageId);
    // Only the account's own devices report that it read messages of others.
    const isRead = message.from_me === 0 && rows.some((row) => row.kind === 'receipt' && rank(row.value) >= readRank);
    if (isRead) unread.readUpto(chatId, message.timestamp);
    const star = rows.findLast(({ kind }) => kind === 'star');
    const starred = star ? Number(star.value === '1') : message.starred;
    const status =
      message.from_me === 1 && message.kind === 'direct' ? bestStatus(rows, message.status) : message.status;
    if (starred !== message.starred || status !== message.status) mark.run({ starred, status, seq: message.seq });
  };
}

/** A delivery state only rises. */
function bestStatus(rows: TextChange[], current: string | null): string | null {
  const states = rows
    .filter((row) => row.kind === 'receipt' && rank(row.value) > rank(current))
    .map((row) => row.value);
  return states.reduce<string | null>((best, state) => (rank(state) > rank(best) ? state : best), current);
}

const isOfText = ({ kind }: TextChange): boolean => kind === 'edit' || kind === 'revoke';
