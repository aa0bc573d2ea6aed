import { openOriginals } from '../rights/originals.ts';
import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';
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
  const expired = db.prepare<[object], { seq: number; id: string; chat_id: number }>(rule('expired_originals'));
  let prepared: ReturnType<typeof prepareDecisions> | undefined;
  const decisions = () => {
    prepared ??= prepareDecisions(db);
    return prepared;
  };
  return {
    people: (addresses) => {
      for (const address of addresses) decisions().decide(decisions().byActor.all({ address }));
    },
    member: (chatId, address) => {
      const { decide, inGroup, byMember } = decisions();
      decide((address === '' ? inGroup : byMember).all({ chat_id: chatId, address }));
    },
    expire: (limit) => {
      const rows = expired.all({ limit });
      for (const { seq } of rows) decisions().originals.forget(seq);
      if (rows.length > 0) decisions().decide(rows.map(({ chat_id, id }) => ({ chat_id, message_id: id })));
    },
  };
}

function prepareDecisions(db: Db) {
  const byActor = db.prepare<[object], Found>(rule('changes_of_actor'));
  const inGroup = db.prepare<[object], Found>(rule('revokes_in_chat'));
  const byMember = db.prepare<[object], Found>(rule('revokes_of_person'));
  const originals = openOriginals(db);
  const apply = changeApplier(db);
  const decide = (found: readonly Found[]): void => {
    for (const { chat_id, message_id } of found) apply(chat_id, message_id);
  };
  return { byActor, inGroup, byMember, originals, decide };
}
