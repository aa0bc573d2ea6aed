import { AppError } from '../../domain/errors.ts';
import { mediaFilters } from '../../domain/message.ts';
import { ambiguous } from '../names/ambiguous.ts';
import { assertNameable } from '../names/assert-nameable.ts';
import type { ChatDirectory } from '../names/chat-directory.ts';
import { type ContactDirectory, selfName } from '../names/contact-directory.ts';
import { nameKey } from '../names/key.ts';
import type {
  MessageDetail,
  MessageQuery,
  MessageReader,
  MessageView,
  Page,
  QueryResult,
  Statistics,
  StoreNotice,
} from '../reader.ts';
import { type Highlighter, highlighter } from '../search/highlight.ts';
import { remaining } from '../search/indexer.ts';
import type { Filters } from '../search/match-expression.ts';
import { search } from '../search/search.ts';
import type { SearchIndexReader } from '../search/snapshot.ts';
import { snippet } from '../search/snippet.ts';
import type { Db } from '../sqlite/database.ts';
import type { Chats } from './chats.ts';
import { decodeCursor, encodeCursor, pageOf, requireLimit } from './cursor.ts';
import { messageDetail } from './message-detail.ts';
import type { MessageRow, MessageRows } from './message-rows.ts';
import type { StatisticsReader } from './statistics.ts';

/** What the message reader is made of. */
export interface MessageParts {
  db: Db;
  chats: Chats;
  directory: ChatDirectory;
  contacts: ContactDirectory;
  rows: MessageRows;
  searchFile: SearchIndexReader;
  counter: StatisticsReader;
}

export class Messages implements MessageReader {
  readonly #parts: MessageParts;

  constructor(parts: MessageParts) {
    this.#parts = parts;
  }

  query(query: MessageQuery): QueryResult {
    const limit = requireLimit(query.limit);
    const place = decodeCursor('query', query.cursor);
    const offset = place ? 0 : query.offset; // the first page has skipped them
    const filters = this.#filters(query);
    if (!filters) return { items: [], total: 0, total_is_exact: true, next_cursor: null, cursors: [] };
    const content = query.content?.trim() || undefined;
    return this.#parts.searchFile.read((snapshot) => {
      const { hits, total, exact } = search(snapshot, {
        content,
        filters,
        range: { after: query.after, before: query.before },
        from: place && { timestamp: place[0], seq: place[1] },
        wanted: offset + limit + 1,
      });
      const rest = hits.slice(offset);
      const views = this.#found(
        rest.slice(0, limit).map((hit) => hit.seq),
        content,
      );
      const { items, ...end } = pageOf(
        rest,
        limit,
        ({ seq }) => views.get(seq),
        (hit) => encodeCursor('query', [hit.timestamp, hit.seq]),
      );
      const isThere = items.map((item) => item !== undefined);
      return {
        ...end,
        items: items.filter((item) => item !== undefined),
        cursors: end.cursors.filter((_, index) => isThere[index]),
        total,
        total_is_exact: exact,
      };
    });
  }

  list(chatJid: string, options: Parameters<MessageReader['list']>[1]): Page<MessageView> {
    const limit = requireLimit(options.limit);
    const chat = this.#parts.chats.require(chatJid);
    const rows = this.#parts.rows.near(chat.ids, 'older', limit + 1, {
      from: decodeCursor('messages', options.cursor),
      after: options.after,
      before: options.before,
    });
    return pageOf(
      rows,
      limit,
      (row) => this.#parts.rows.view(row),
      (row) => encodeCursor('messages', [row.timestamp, row.id]),
    );
  }

  get(messageId: string, chatJid?: string): MessageDetail {
    const row = this.#row(messageId, chatJid);
    const { db, rows, contacts, directory } = this.#parts;
    return messageDetail(db, rows, contacts, row, directory.get(row.chat_id).ids);
  }

  context(messageId: string, before: number, after: number, chatJid?: string): ReturnType<MessageReader['context']> {
    const row = this.#row(messageId, chatJid);
    const { rows, directory } = this.#parts;
    const { ids } = directory.get(row.chat_id);
    const near = (direction: 'older' | 'newer', limit: number) =>
      limit === 0 ? [] : rows.near(ids, direction, requireLimit(limit), { from: [row.timestamp, row.id] });
    return {
      message: rows.view(row),
      before: near('older', before)
        .reverse()
        .map((near) => rows.view(near)),
      after: near('newer', after).map((near) => rows.view(near)),
    };
  }

  statistics(chatJid?: string): Statistics {
    const { chats, counter, searchFile } = this.#parts;
    const ids = chatJid === undefined ? undefined : chats.require(chatJid).ids;
    return searchFile.read((snapshot) => counter.statistics(snapshot, ids));
  }

  raw(chatJid: string, id: string): Uint8Array | undefined {
    const { db, directory } = this.#parts;
    const select = db
      .prepare<[number, string], Uint8Array>(
        'SELECT raw FROM messages WHERE chat_id = ? AND id = ? AND raw IS NOT NULL',
      )
      .pluck();
    for (const chat of directory.find(chatJid)?.ids ?? []) {
      const raw = select.get(chat, id);
      if (raw) return raw;
    }
    return undefined;
  }

  unindexed(): number {
    const { db, searchFile } = this.#parts;
    return searchFile.read(({ index }) => remaining(index?.db, db));
  }

  searchWithout(reason: StoreNotice): void {
    this.#parts.searchFile.searchWithout(reason);
  }

  searchNotice(): StoreNotice | null {
    return this.#parts.searchFile.notice();
  }

  /** The single message with this id. */
  #row(messageId: string, chatJid: string | undefined): MessageRow {
    const { chats, directory, rows } = this.#parts;
    const found = rows.byId(messageId, chatJid === undefined ? undefined : chats.require(chatJid).ids);
    const byChat = new Map(found.reverse().map((row) => [directory.get(row.chat_id).jid, row]));
    const [only, ...others] = byChat.values();
    if (!only) throw new AppError('not_found', 'There is no message with this id.');
    if (others.length === 0) return only;
    throw ambiguous(`This message id exists in ${byChat.size} chats; say which one by chat_jid.`, [...byChat.keys()]);
  }

  /** Resolves a query's arguments; undefined when they name an unknown chat or sender, so that nothing can match. */
  #filters(query: MessageQuery): Filters | undefined {
    const { chats, directory, contacts } = this.#parts;
    const filters: Filters = {};
    if (query.chat_jid === undefined) filters.hiddenChats = directory.hiddenIds();
    else filters.chats = directory.find(chats.resolve(query.chat_jid))?.ids ?? [];
    if (query.sender !== undefined) Object.assign(filters, sentBy(contacts, query.sender));
    if (filters.chats?.length === 0 || (filters.senders?.length === 0 && !filters.ownSender)) return undefined;
    if (query.media_type) filters.types = mediaFilters[query.media_type];
    if (query.from_me !== undefined) filters.fromMe = query.from_me;
    if (!query.include_media) filters.plainOnly = true;
    return filters;
  }

  #found(seqs: readonly number[], content: string | undefined): Map<number, QueryResult['items'][number]> {
    const find = highlighter(content ?? '');
    const view = (row: MessageRow) => ({ ...this.#parts.rows.view(row), snippet: snippet(bestText(row, find), find) });
    return new Map([...this.#parts.rows.bySeq(seqs)].map(([seq, row]) => [seq, view(row)]));
  }
}

/** How an agent or a user calls the account itself; results call it `selfName`. */
const ownNames = ['me', nameKey(selfName)];

/** The filter for a sender: the account's own messages have its address in groups only. */
function sentBy(contacts: ContactDirectory, sender: string): Pick<Filters, 'senders' | 'ownSender'> {
  if (ownNames.includes(nameKey(sender))) return { senders: [], ownSender: true };
  const senders = contacts.addresses(sender);
  if (senders.length === 0) assertNameable(sender);
  return { senders, ownSender: senders.some((address) => contacts.isOwn(address)) };
}

/** The text of a message that contains the hit: its content, file name or title. */
function bestText(row: MessageRow, find: Highlighter): string {
  const texts = [row.content, row.filename, row.title].filter((text) => text !== null && text !== '') as string[];
  return (texts.length > 1 ? texts.find(find) : undefined) ?? texts[0] ?? '';
}
