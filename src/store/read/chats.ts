import { AppError } from '../../domain/errors.ts';
import { fold } from '../../domain/fold.ts';
import type { ChatKind } from '../../domain/jid.ts';
import { chatKind, isPn, normalizeJid } from '../../domain/jid.ts';
import { bareName, visible } from '../../domain/names.ts';
import { phoneDigits } from '../../domain/phone.ts';
import { otherForm } from '../../domain/phone-forms.ts';
import { isoOrNull } from '../../domain/time.ts';
import { allNamed } from '../names/all-names.ts';
import { ambiguous } from '../names/ambiguous.ts';
import { addressByName } from '../names/bearer.ts';
import type { ChatDirectory, KnownChat } from '../names/chat-directory.ts';
import type { ContactDirectory } from '../names/contact-directory.ts';
import { nameMatcher, nameRanks } from '../names/name-matcher.ts';
import { numberForms } from '../names/number-forms.ts';
import type { ChatDetail, ChatReader, ChatView, Page, UnreadChat } from '../reader.ts';
import type { Db } from '../sqlite/database.ts';
import { decodeCursor, encodeCursor, pageOf, requireLimit } from './cursor.ts';
import { participants } from './members.ts';
import { knownType, type MessageRows } from './message-rows.ts';
import { unreadLines } from './unread-chats.ts';

type ListOptions = Parameters<ChatReader['list']>[0];
interface Candidate {
  id: number;
  at: number;
  /** How well the chat matches the query; lower is better. */
  rank: number;
}

export class Chats implements ChatReader {
  readonly #db: Db;
  readonly #directory: ChatDirectory;
  readonly #contacts: ContactDirectory;
  readonly #rows: MessageRows;

  constructor(db: Db, directory: ChatDirectory, contacts: ContactDirectory, rows: MessageRows) {
    this.#db = db;
    this.#directory = directory;
    this.#contacts = contacts;
    this.#rows = rows;
  }

  resolve(recipient: string): string {
    const named = visible(recipient);
    const [, address] = /^(\S+) ~/.exec(named) ?? [named]; // the form of results
    const jid = normalizeJid(address ?? named);
    if (jid) return this.#shown(jid);
    const digits = phoneDigits(address ?? named);
    if (digits) return this.#byNumber(digits);
    return addressByName(recipient, allNamed(this.#db, this.#directory, this.#contacts));
  }

  /** The address of a line; its other written form where only that one is known here. */
  #byNumber(digits: string): string {
    const forms = [digits, otherForm(digits)]
      .filter((form) => form !== undefined)
      .map((form) => `${form}@s.whatsapp.net`);
    const known = forms.filter((jid) => this.#directory.find(jid) !== undefined || this.#contacts.isKnown(jid));
    const people = [...new Set(known.map((jid) => this.#shown(jid)))];
    if (people.length > 1) {
      throw ambiguous('This number is known here in both forms of its country; give the address.', people);
    }
    return people[0] ?? this.#shown(forms[0] as string);
  }

  #shown(jid: string): string {
    const known = this.#directory.find(jid);
    if (known) return known.jid;
    return chatKind(jid) === 'direct' ? this.#contacts.find(jid).jid : jid;
  }

  /** The chat that a recipient means; throws `not_found` when there is no chat. */
  require(recipient: string): KnownChat {
    const chat = this.#directory.find(this.resolve(recipient));
    if (!chat) throw new AppError('not_found', 'There is no chat with this recipient.');
    return chat;
  }

  get(recipient: string): ChatDetail {
    const chat = this.require(recipient);
    const count = this.#db
      .prepare<[{ id: number }], number>(
        `SELECT (SELECT count(*) FROM messages WHERE chat_id = @id)
           - (SELECT count(*) FROM messages WHERE chat_id = @id AND hidden_at IS NOT NULL)`,
      )
      .pluck();
    return {
      ...this.#view(chat),
      total_messages: chat.ids.reduce((sum, id) => sum + (count.get({ id }) ?? 0), 0),
      participants: participants(this.#db, this.#contacts, chat.ids),
    };
  }

  list(options: ListOptions): Page<ChatView> & { total: number } {
    const limit = requireLimit(options.limit);
    const candidates = this.#candidates(options);
    const page =
      options.sort_by === 'name' ? this.#byName(candidates, options.cursor) : byActivity(candidates, options.cursor);
    const view = ({ id }: Candidate) => this.#view(this.#directory.get(id));
    const cursorAfter = (chat: Candidate) => this.#cursorAt(options.sort_by, chat);
    return { total: candidates.length, ...pageOf(page, limit, view, cursorAfter) };
  }

  unread(options: Parameters<ChatReader['unread']>[0]): Page<UnreadChat> & { total: number } {
    const limit = requireLimit(options.limit);
    const all = this.#candidates({ sort_by: 'last_active', limit });
    const unread = all.filter(({ id }) => this.#directory.get(id).row.unread_count > 0);
    const page = byActivity(unread, options.cursor);
    const view = ({ id }: Candidate) => {
      const chat = this.#directory.get(id);
      const { unread_count } = chat.row;
      return { ...this.#view(chat), ...unreadLines(this.#rows, this.#contacts, chat.ids, unread_count, options.lines) };
    };
    return { total: unread.length, ...pageOf(page, limit, view, (chat) => this.#cursorAt('last_active', chat)) };
  }

  /**
   * Chats except merged ones; status posts and community parents only when their kind is requested. The best match
   * first, then the latest.
   */
  #candidates({ query, archived, kind }: ListOptions): Candidate[] {
    const kinds: readonly ChatKind[] = kind ? [kind] : ['direct', 'group', 'newsletter', 'broadcast'];
    const chats = this.#db
      .prepare<[string], Candidate & { archived: number }>(
        `SELECT id, coalesce(last_message_at, -1) AS at, archived, 0 AS rank FROM chats
         WHERE merged_into IS NULL AND kind IN (SELECT value FROM json_each(?)) ORDER BY at DESC, id DESC`,
      )
      .all(JSON.stringify(kinds))
      .filter((chat) => archived === undefined || (chat.archived === 1) === archived);
    if (query === undefined || query.trim() === '') return chats;
    const rate = chatMatcher(query);
    return chats
      .flatMap((chat) => {
        const rank = rate(this.#directory.get(chat.id));
        return rank === undefined ? [] : [{ ...chat, rank }];
      })
      .sort((a, b) => a.rank - b.rank);
  }

  #byName(candidates: Candidate[], cursor: string | undefined): Candidate[] {
    const place = decodeCursor('name', cursor);
    const named = candidates.map((chat) => ({ ...chat, name: sortName(this.#directory.get(chat.id)) }));
    named.sort((a, b) => compare([a.rank, a.name, a.id], [b.rank, b.name, b.id]));
    return place ? named.filter(({ rank, name, id }) => compare([rank, name, id], place) > 0) : named;
  }

  #cursorAt(sortBy: ListOptions['sort_by'], { id, at, rank }: Candidate): string {
    if (sortBy === 'last_active') return encodeCursor('last_active', [rank, at, id]);
    return encodeCursor('name', [rank, sortName(this.#directory.get(id)), id]);
  }

  #view(chat: KnownChat): ChatView {
    const [last] = this.#rows.near(chat.ids, 'older', 1, {});
    return {
      chat_jid: chat.jid,
      name: chat.name,
      kind: chat.row.kind,
      pn: chat.pn,
      lid: chat.lid,
      parent_jid: chat.row.parent_jid,
      unread_count: chat.row.unread_count,
      archived: chat.row.archived === 1,
      pinned: chat.row.pinned_at !== null && chat.row.pinned_at !== 0,
      muted_until: isoOrNull(chat.row.muted_until || null),
      cleared_at: isoOrNull(chat.row.cleared_at),
      last_message_at: isoOrNull(chat.row.last_message_at ?? last?.timestamp ?? null),
      last_message: last
        ? {
            id: last.id,
            sender_name: this.#rows.authorName(last),
            content: last.content,
            type: knownType(last.type),
            is_from_me: last.from_me === 1,
          }
        : null,
    };
  }
}

function byActivity(candidates: Candidate[], cursor: string | undefined): Candidate[] {
  const place = decodeCursor('last_active', cursor);
  if (!place) return candidates;
  const [rank, at, id] = place;
  return candidates.filter((chat) => compare([chat.rank, -chat.at, -chat.id], [rank, -at, -id]) > 0);
}

/** Rates how well the chat's name matches, or a part of its number or address. */
function chatMatcher(query: string): (chat: KnownChat) => number | undefined {
  const rate = nameMatcher(query);
  const address = normalizeJid(visible(query))?.split('@')[0];
  const numbers = address === undefined ? numberForms(query) : [address];
  return ({ jid, pn, lid, name }) => {
    const ranks = name === null ? [] : [rate(bareName(name)), rate(name)].filter((rank) => rank !== undefined);
    const users = [jid, pn, lid].map((known) => known?.split('@')[0] ?? '');
    if (users.some((user) => numbers.includes(user))) ranks.push(nameRanks.same);
    else if (users.some((user) => numbers.some((digits) => user.includes(digits)))) ranks.push(nameRanks.inside);
    return ranks.length === 0 ? undefined : Math.min(...ranks);
  };
}

/** Chats without a name come last. */
const sortName = (chat: KnownChat): string => (chat.name && !isPn(chat.name) ? fold(bareName(chat.name)) : '\uffff');

type Key = readonly [number, string | number, number];

function compare(a: Key, b: Key): number {
  if (a[0] !== b[0]) return a[0] - b[0];
  return a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : a[2] - b[2];
}
