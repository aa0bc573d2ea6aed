import type { Db } from '../sqlite/database.ts';

const sent = ['type', 'content', 'filename', 'title', 'details', 'raw', 'edited_at', 'revoked_at'];
const columns = sent.join(', ');

/** The original state of a changed message. Call inside a transaction. */
export interface Originals {
  /** Restores the original message. */
  restore(seq: number): void;
  /** Records the message as it is now, unless a record exists. */
  record(seq: number): void;
  /** Starts the period after which a revoke can no longer be undone. */
  startExpiry(seq: number): void;
  /** Empties the record of a message that was revoked for good. */
  empty(seq: number): void;
  /** Deletes the record; the message stays as it is shown. */
  forget(seq: number): void;
}

export function openOriginals(db: Db): Originals {
  const bring = db.prepare(`
    UPDATE main.messages AS m SET ${sent.map((name) => `${name} = o.${name}`).join(', ')}
    FROM main.originals AS o WHERE o.message_seq = m.seq AND m.seq = ?`);
  const drop = db.prepare('DELETE FROM main.originals WHERE message_seq = ?');
  const keep = db.prepare(`
    INSERT INTO main.originals (message_seq, ${columns}) SELECT seq, ${columns} FROM main.messages WHERE seq = ?
    ON CONFLICT (message_seq) DO NOTHING`);
  const limit = db.prepare('UPDATE main.originals SET taken_at = unixepoch() WHERE message_seq = ?');
  const empty = db.prepare(`
    UPDATE main.originals SET raw = CASE WHEN type = 'revoked' THEN raw END, type = 'revoked', content = '',
      filename = NULL, title = NULL, details = NULL, taken_at = NULL WHERE message_seq = ?`);
  return {
    restore: (seq) => {
      if (bring.run(seq).changes > 0) drop.run(seq);
    },
    record: (seq) => void keep.run(seq),
    startExpiry: (seq) => void limit.run(seq),
    empty: (seq) => void empty.run(seq),
    forget: (seq) => void drop.run(seq),
  };
}

/**
 * For how many days the text of a revoked message is kept when the right came from an address pair or an admin role.
 */
export const retentionDays = 7;
