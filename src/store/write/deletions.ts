import type { Deletion } from '../../domain/message.ts';
import type { Db } from '../sqlite/database.ts';
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
  const add = db.prepare(`
    INSERT INTO main.deletions (message_id, chat_jid, at) VALUES (@messageId, @chatJid, @at)
    ON CONFLICT (message_id, chat_jid) DO NOTHING`);
  const first = db.prepare('SELECT 1 FROM main.deletions LIMIT 1');
  const hide = (which: string) =>
    db
      .prepare(`
        UPDATE main.messages SET hidden_at = d.at / 1000
        FROM main.deletions AS d JOIN main.chat_aliases AS a ON a.alias = d.chat_jid
        WHERE ${which} messages.chat_id = a.chat_id AND messages.id = d.message_id AND messages.hidden_at IS NULL
        RETURNING chat_id`)
      .pluck();
  const hideAll = hide('');
  const hideSome = hide('d.message_id IN (SELECT value FROM json_each(?)) AND');
  const unread = openUnread(db);
  const hasAny = () => first.get() !== undefined;
  const apply = (ids?: readonly string[]): void => {
    if (!hasAny()) return;
    const chats = (ids ? hideSome.all(JSON.stringify(ids)) : hideAll.all()) as number[];
    for (const chatId of new Set(chats)) unread.count(chatId);
  };
  return {
    hasAny,
    apply,
    record: (deletion) => {
      add.run(deletion);
      apply([deletion.messageId]);
    },
  };
}
