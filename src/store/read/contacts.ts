import { AppError } from '../../domain/errors.ts';
import { chatKind } from '../../domain/jid.ts';
import { bareName, shownName, visible } from '../../domain/names.ts';
import { phoneOf } from '../../domain/phone.ts';
import { isoOrNull } from '../../domain/time.ts';
import type { ChatDirectory } from '../names/chat-directory.ts';
import type { ContactDirectory } from '../names/contact-directory.ts';
import { nameMatcher } from '../names/name-matcher.ts';
import { numberForms } from '../names/number-forms.ts';
import type { ContactDetail, ContactReader, ContactView, KnownPerson, MessageReader, Page } from '../reader.ts';
import type { Db } from '../sqlite/database.ts';
import type { Chats } from './chats.ts';
import { decodeCursor, encodeCursor, pageOf, requireLimit } from './cursor.ts';

/** What the contact reader is made of. */
export interface ContactParts {
  db: Db;
  chats: Chats;
  directory: ChatDirectory;
  contacts: ContactDirectory;
  messages: MessageReader;
}

interface NamesRow {
  id: number;
  jid: string;
  saved_name: string | null;
  push_name: string | null;
  business_name: string | null;
}

interface Found {
  view: ContactView;
  rank: number;
  order: string;
}

const nothing: Omit<NamesRow, 'jid'> = { id: 0, saved_name: null, push_name: null, business_name: null };
const numberRank = 4;

export class Contacts implements ContactReader {
  readonly #parts: ContactParts;

  constructor(parts: ContactParts) {
    this.#parts = parts;
  }

  search(query: string, limit: number, cursor?: string): Page<ContactView> & { total: number } {
    requireLimit(limit);
    const found = this.#found(query);
    const from = decodeCursor('contacts', cursor);
    const place = from && { rank: from[0], order: from[1], jid: from[2] };
    const rest = place ? found.filter((one) => compare({ ...one, jid: one.view.jid }, place) > 0) : found;
    const page = pageOf(
      rest,
      limit,
      ({ view }) => view,
      ({ rank, order, view }) => encodeCursor('contacts', [rank, order, view.jid]),
    );
    return { total: found.length, ...page };
  }

  known(address: string): KnownPerson {
    const { jid, name, pn, lid } = this.#parts.contacts.find(address);
    return { jid, name, pn, lid };
  }

  get(who: string): ContactDetail {
    const { chats, contacts, directory, db, messages } = this.#parts;
    const jid = chats.resolve(who);
    if (chatKind(jid) !== 'direct') {
      throw new AppError('invalid_input', 'This is no person; get_chat shows groups and other chats.');
    }
    const row = this.#row(jid);
    const chat = directory.find(jid);
    if (!row && !chat) throw new AppError('not_found', 'Nobody with this address or name is known here.');
    const newest = messages.query({ sender: jid, include_media: true, limit: 1, offset: 0 }).items[0];
    const direct = chat && messages.list(chat.jid, { limit: 1 }).items[0];
    const times = [newest?.timestamp, direct?.timestamp].filter((time) => time !== undefined).sort();
    const person = contacts.find(jid);
    const groups = groupsOf(db, directory, contacts.addresses(person.jid));
    return {
      ...this.#view(row ?? { ...nothing, jid }),
      chat_jid: chat?.jid ?? null,
      last_interaction: times.at(-1) ?? null,
      shared_chats: groups.length + (chat ? 1 : 0),
    };
  }

  #found(query: string): Found[] {
    const matches = nameMatcher(query);
    const numbers = numberForms(query);
    const address = visible(query);
    const jid = address.includes('@') ? this.#parts.contacts.find(address).jid : undefined;
    const found = this.#rows().flatMap((row): Found[] => {
      const view = this.#view(row);
      const marks = nameRanks(view, matches);
      const phone = view.phone?.slice(1) ?? '';
      if (numbers.includes(phone)) marks.push(0);
      else if (numbers.some((digits) => phone.includes(digits))) marks.push(numberRank);
      if (jid === view.jid) marks.push(0);
      return marks.length === 0
        ? []
        : [{ view, rank: Math.min(...marks), order: view.name === null ? '\uffff' : bareName(view.name) }];
    });
    return found.sort((a, b) => compare({ ...a, jid: a.view.jid }, { ...b, jid: b.view.jid }));
  }

  /** All people, including those known only from a chat. */
  #rows(): NamesRow[] {
    const { db, directory } = this.#parts;
    const people = db.prepare<[], NamesRow>('SELECT * FROM contacts WHERE merged_into IS NULL').all();
    const known = new Set(people.map(({ jid }) => this.#parts.contacts.find(jid).jid));
    const chats = db
      .prepare<[], number>("SELECT id FROM chats WHERE kind = 'direct' AND merged_into IS NULL")
      .pluck()
      .all()
      .map((id) => directory.get(id).jid);
    return [...people, ...chats.filter((jid) => !known.has(jid)).map((jid) => ({ ...nothing, jid }))];
  }

  #row(jid: string): NamesRow | undefined {
    const wanted = this.#parts.contacts.find(jid).jid;
    return this.#parts.db
      .prepare<[string, string], NamesRow>(
        `SELECT c.* FROM contacts c WHERE c.merged_into IS NULL
         AND (c.jid = ? OR c.id = (SELECT contact_id FROM contact_aliases WHERE alias = ?))`,
      )
      .get(wanted, wanted);
  }

  #view(row: NamesRow): ContactView {
    const person = this.#parts.contacts.find(row.jid);
    const chat = this.#parts.directory.find(row.jid);
    return {
      jid: person.jid,
      name: chat?.name ?? person.name,
      saved_name: shownName(row.saved_name) || null,
      push_name: shownName(row.push_name) || null,
      business_name: shownName(row.business_name) || null,
      phone: phoneOf(person.pn),
      pn: person.pn,
      lid: person.lid,
      last_message_at: isoOrNull(chat?.row.last_message_at ?? null),
    };
  }
}

/** How well each name of a person matches. A saved name ranks before an equal self-chosen one. */
function nameRanks(view: ContactView, matches: ReturnType<typeof nameMatcher>): number[] {
  const { name, saved_name, push_name, business_name } = view;
  const ranks = (names: readonly (string | null)[], behind: number) =>
    names.flatMap((one) => {
      const rank = one === null ? undefined : matches(one);
      return rank === undefined ? [] : [2 * rank + behind];
    });
  const given = name !== null && bareName(name) === name ? name : null;
  return [...ranks([given, saved_name], 0), ...ranks([push_name, business_name], 1)];
}

/** The groups that a person is known to be a member of, each once. */
function groupsOf(db: Db, directory: ChatDirectory, addresses: readonly string[]): number[] {
  const ids = db
    .prepare<[string], number>(
      `SELECT DISTINCT m.chat_id FROM chat_members m JOIN chats c ON c.id = m.chat_id
       WHERE m.member IN (SELECT value FROM json_each(?)) AND m.role <> 'left' AND m.at >= coalesce(c.members_at, 0)
       AND c.kind = 'group'`,
    )
    .pluck()
    .all(JSON.stringify(addresses));
  return [...new Set(ids.map((id) => directory.get(id).row.id))];
}

type Place = { rank: number; order: string; jid: string };

function compare(a: Place, b: Place): number {
  if (a.rank !== b.rank) return a.rank - b.rank;
  if (a.order !== b.order) return a.order < b.order ? -1 : 1;
  return a.jid < b.jid ? -1 : Number(a.jid > b.jid);
}
