import type { MemberRole } from '../../domain/chat.ts';
import { bareName } from '../../domain/names.ts';
import type { ContactDirectory } from '../names/contact-directory.ts';
import type { Participant } from '../reader.ts';
import type { Db } from '../sqlite/database.ts';

interface MemberRow {
  member: string;
  role: MemberRole;
  at: number;
}

const ranks: readonly MemberRole[] = ['superadmin', 'admin', 'member', 'left'];

/**
 * The members of a group, each person once, admins first; null where the members are not known. For a person with two
 * addresses the latest information about either counts.
 */
export function participants(db: Db, contacts: ContactDirectory, chatIds: readonly number[]): Participant[] | null {
  const rows = db
    .prepare<[string], MemberRow>(
      `SELECT m.member, m.at, CASE WHEN m.at < coalesce(c.members_at, 0) THEN 'left' ELSE m.role END AS role
       FROM chat_members m JOIN chats c ON c.id = m.chat_id WHERE m.chat_id IN (SELECT value FROM json_each(?))
       ORDER BY m.at, m.role = 'left' DESC`,
    )
    .all(JSON.stringify(chatIds));
  const people = new Map<string, Participant & { rank: number }>();
  for (const { member, role } of rows) {
    const { jid, name } = contacts.find(member);
    people.set(jid, { jid, name, role, rank: ranks.indexOf(role) });
  }
  const present = [...people.values()].filter(({ role }) => role !== 'left');
  present.sort((a, b) => a.rank - b.rank || compare(sorted(a.name), sorted(b.name)) || compare(a.jid, b.jid));
  return rows.length === 0 ? null : present.map(({ jid, name, role }) => ({ jid, name, role }));
}

const sorted = (name: string | null): string => (name === null ? '\uffff' : bareName(name));
const compare = (a: string, b: string): number => (a < b ? -1 : Number(a > b));
