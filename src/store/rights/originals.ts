import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';

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
  const bring = db.prepare(rule('restore_original'));
  const drop = db.prepare(rule('delete_original'));
  const keep = db.prepare(rule('keep_original'));
  const limit = db.prepare(rule('start_expiry'));
  const empty = db.prepare(rule('empty_original'));
  return {
    restore: (seq) => {
      if (bring.run({ seq }).changes > 0) drop.run({ seq });
    },
    record: (seq) => void keep.run({ seq }),
    startExpiry: (seq) => void limit.run({ seq }),
    empty: (seq) => void empty.run({ seq }),
    forget: (seq) => void drop.run({ seq }),
  };
}
