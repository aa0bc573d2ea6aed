import type { MemberRole } from '../../domain/chat.ts';
import { type MemberTold, memberEvidence } from '../../domain/rights.ts';
import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';

interface WordRow {
  member: string;
  told: MemberTold;
  role: MemberRole;
  first_at: number;
  last_at: number;
}

/** The facts from one time about one member; `words` is empty where a list did not name them. */
interface Moment {
  at: number;
  words: WordRow[];
}

/** Whether an address was an admin of a group at a time (milliseconds since 1970), as far as is known. */
export type WasAdmin = (chatId: number, address: string, at: number) => boolean;

/** Reads the facts about one person and the lists of the group: at most two a month of each kind. */
export function openRoles(db: Db): WasAdmin {
  const words = db.prepare<[object], WordRow>(rule('words_of_person'));
  return (chatId, address, at) => {
    const moments = momentsOf(words.all({ chat_id: chatId, address }));
    const known = moments.findLast((moment) => moment.at <= at);
    if (known) return says(known, 'from');
    const next = moments[0];
    return next !== undefined && says(next, 'before');
  };
}

function momentsOf(rows: readonly WordRow[]): Moment[] {
  const moments = new Map<number, Moment>();
  for (const row of rows) {
    for (const at of new Set([row.first_at, row.last_at])) {
      const moment = moments.get(at) ?? { at, words: [] };
      if (row.member !== '') moment.words.push(row);
      moments.set(at, moment);
    }
  }
  return [...moments.values()].sort((a, b) => a.at - b.at);
}

/** Facts of the same time that contradict each other do not make anyone an admin. */
function says({ words }: Moment, when: 'from' | 'before'): boolean {
  return words.length > 0 && words.every((word) => isAdmin(word, when));
}

function isAdmin({ told, role }: WordRow, when: 'from' | 'before'): boolean {
  const evidence = memberEvidence[told][when];
  return evidence === 'by role' ? role === 'admin' || role === 'superadmin' : evidence === true;
}
