import { AppError } from '../../domain/errors.ts';
import { fold } from '../../domain/fold.ts';
import type { ChatKind } from '../../domain/jid.ts';
import { chatKind, isPn, normalizeJid } from '../../domain/jid.ts';
import { bareName } from '../../domain/names.ts';
import { phoneDigits, phoneJid } from '../../domain/phone.ts';
import { isoOrNull } from '../../domain/time.ts';
import { allNamed } from '../names/all-names.ts';
import { addressByName } from '../names/bearer.ts';
import type { ChatDirectory, KnownChat } from '../names/chat-directory.ts';
import type { ContactDirectory } from '../names/contact-directory.ts';
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
    const named = recipient.trim();
    const [, address] = /^(\S+) ~/.exec(named) ?? [named]; // the form of results
    const jid = normalizeJid(address ?? named) ?? phoneJid(address ?? named);
    if (!jid) return addressByName(recipient, allNamed(this.#db, this.#directory, this.#contacts));
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

  /** Chats except merged ones; status posts and community parents only when their kind is requested; latest first. */
  #candidates({ query, archived, kind }: ListOptions): Candidate[] {
    const kinds: readonly ChatKind[] = kind ? [kind] : ['direct', 'group', 'newsletter', 'broadcast'];
    const chats = this.#db
      .prepare<[string], Candidate & { archived: number }>(
        `SELECT id, coalesce(last_message_at, -1) AS at, archived FROM chats
         WHERE merged_into IS NULL AND kind IN (SELECT value FROM json_each(?)) ORDER BY at DESC, id DESC`,
      )
      .all(JSON.stringify(kinds))
      .filter((chat) => archived === undefined || (chat.archived === 1) === archived);
    const part = fold(query?.trim() ?? '');
    return part === '' ? chats : chats.filter(({ id }) => matches(this.#directory.get(id), part));
  }

  #byName(candidates: Candidate[], cursor: string | undefined): Candidate[] {
    const place = decodeCursor('name', cursor);
    const named = candidates.map((chat) => ({ ...chat, name: sortName(this.#directory.get(chat.id)) }));
    named.sort((a, b) => compare([a.name, a.id], [b.name, b.id]));
    return place ? named.filter(({ name, id }) => compare([name, id], place) > 0) : named;
  }

  #cursorAt(sortBy: ListOptions['sort_by'], { id, at }: Candidate): string {
    if (sortBy === 'last_active') return encodeCursor('last_active', [at, id]);
    return encodeCursor('name', [sortName(this.#directory.get(id)), id]);
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
  return candidates.filter(({ at, id }) => at < place[0] || (at === place[0] && id < place[1]));
}

/** Whether a part of the chat's name or number matches. */
function matches(chat: KnownChat, part: string): boolean {
  if (chat.name && fold(chat.name).includes(part)) return true;
  const digits = phoneDigits(part) ?? (/^\d{3,}$/.test(part) ? part : normalizeJid(part)?.split('@')[0]);
  return digits !== undefined && [chat.jid, chat.pn, chat.lid].some((jid) => jid?.split('@')[0]?.includes(digits));
}

/** Chats without a name come last. */
const sortName = (chat: KnownChat): string => (chat.name && !isPn(chat.name) ? fold(bareName(chat.name)) : '\uffff');

function compare([nameA, idA]: [string, number], [nameB, idB]: [string, number]): number {
  return nameA < nameB ? -1 : nameA > nameB ? 1 : idA - idB;
}
