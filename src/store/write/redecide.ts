import { openOriginals, retentionDays } from '../rights/originals.ts';
import type { Db } from '../sqlite/database.ts';
import { changeApplier } from './apply-changes.ts';

/**
 * Decides changes again when facts arrive that their rights depend on. Finds the changes through an index; each message
 * found costs one decision. Call inside the transaction that stores the facts.
 */
export interface Redecision {
  /** These addresses were paired or separated. */
  people(addresses: Iterable<string>): void;
  /** A fact about a member of a group arrived; '' stands for all members of a list. */
  member(chatId: number, address: string): void;
  /** Deletes texts that can no longer be restored, at most `limit`. */
  expire(limit: number): void;
}

interface Found {
  chat_id: number;
  message_id: string;
}

/** Prepares its statements at first need: most copies bring nothing that changes a right. */
export function openRedecision(db: Db): Redecision {
  const expired = db.prepare<[number], Found & { seq: number }>(`
    SELECT m.seq, m.chat_id, m.id AS message_id FROM main.originals AS o JOIN main.messages AS m ON m.seq = o.message_seq
    WHERE o.taken_at < unixepoch() - ${retentionDays * 86_400} LIMIT ?`);
  let prepared: ReturnType<typeof prepareDecisions> | undefined;
  const decisions = () => {
    prepared ??= prepareDecisions(db);
    return prepared;
  };
  return {
    people: (addresses) => {
      for (const address of addresses) decisions().decide(decisions().byActor.all(address));
    },
    member: (chatId, address) => {
      const { decide, inGroup, byMember } = decisions();
      decide((address === '' ? inGroup : byMember).all({ chatId, address }));
    },
    expire: (limit) => {
      const rows = expired.all(limit);
      for (const { seq } of rows) decisions().originals.forget(seq);
      if (rows.length > 0) decisions().decide(rows);
    },
  };
}

function prepareDecisions(db: Db) {
  const byActor = db.prepare<[string], Found>(`
    SELECT DISTINCT chat_id, message_id FROM main.changes WHERE actor = ? AND kind IN ('edit', 'revoke')`);
  const revoking = (which: string) =>
    db.prepare<[object], Found>(
      `SELECT DISTINCT chat_id, message_id FROM main.changes INDEXED BY changes_revoking
       WHERE chat_id = @chatId AND kind = 'revoke'${which}`,
    );
  const inGroup = revoking('');
  const byMember = revoking(` AND actor IN (SELECT @address UNION SELECT alias FROM main.contact_aliases
    WHERE contact_id = (SELECT contact_id FROM main.contact_aliases WHERE alias = @address))`);
  const originals = openOriginals(db);
  const apply = changeApplier(db);
  const decide = (found: readonly Found[]): void => {
    for (const { chat_id, message_id } of found) apply(chat_id, message_id);
  };
  return { byActor, inGroup, byMember, originals, decide };
}
