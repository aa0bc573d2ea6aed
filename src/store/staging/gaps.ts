import type { UndecryptableMessage } from '../../domain/message.ts';
import type { Staging } from './staging.ts';

export interface GapStore {
  /** Notes a message that is missing, or that a missing one has come. Call inside a transaction. */
  note(gap: UndecryptableMessage): void;
  /** How many messages are known to be missing. */
  open(): number;
}

/** What WhatsApp sent and nobody could read. A row that comes with the same id heals its gap by itself (a trigger). */
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
