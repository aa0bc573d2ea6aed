import type { Deletion } from '../../domain/message.ts';
import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';
import { openUnread } from './unread.ts';

/** Hides messages that were deleted on the phone. Call inside a transaction. */
export interface DeletionApplier {
  /** Records a deletion, and hides its message where that is stored. */
  record(deletion: Deletion): void;
  /**
   * Hides deleted messages among these ids; without ids, all deleted messages. Call after messages or addresses were
   * added.
   */
  apply(ids?: readonly string[]): void;
  /** Whether any deletion is recorded. */
  hasAny(): boolean;
}

export function openDeletionApplier(db: Db): DeletionApplier {
  const add = db.prepare(rule('insert_deletion'));
  const first = db.prepare(rule('any_deletion'));
  const hideAll = db.prepare<[], number>(rule('hide_deleted')).pluck();
  const hideSome = db.prepare<[object], number>(rule('hide_deleted_among')).pluck();
  const unread = openUnread(db);
  const hasAny = () => first.get() !== undefined;
  const apply = (ids?: readonly string[]): void => {
    if (!hasAny()) return;
    const chats = ids ? hideSome.all({ ids: JSON.stringify(ids) }) : hideAll.all();
    for (const chatId of new Set(chats)) unread.count(chatId);
  };
  return {
    hasAny,
    apply,
    record: (deletion) => {
      add.run({ message_id: deletion.messageId, chat_jid: deletion.chatJid, at: deletion.at });
      apply([deletion.messageId]);
    },
  };
}
