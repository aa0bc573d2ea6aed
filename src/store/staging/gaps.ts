import type { UndecryptableMessage } from '../../domain/message.ts';
import type { Staging } from './staging.ts';

export interface GapStore {
  /** Records a missing message, or that a missing one has arrived. Call inside a transaction. */
  note(gap: UndecryptableMessage): void;
  /** The number of messages known to be missing. */
  open(): number;
}

/** Messages from WhatsApp that could not be decrypted. A row with the same id closes its gap (by a trigger). */
export function gapStore({ db }: Staging): GapStore {
  const add = db.prepare(`
    INSERT INTO gaps (chat_jid, message_id, reason, at)
    SELECT @chatJid, @messageId, @reason, @at
    WHERE NOT EXISTS (SELECT 1 FROM messages WHERE chat_jid = @chatJid AND id = @messageId)
    ON CONFLICT (chat_jid, message_id) DO NOTHING`);
  const heal = db.prepare('UPDATE gaps SET healed_at = ? WHERE message_id = ? AND healed_at IS NULL');
  const count = db.prepare('SELECT count(*) FROM gaps WHERE healed_at IS NULL').pluck();
  return {
    note: ({ healed, ...gap }) => void (healed ? heal.run(gap.at, gap.messageId) : add.run(gap)),
    open: () => count.get() as number,
  };
}
