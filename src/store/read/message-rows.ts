import {
  type MessageDetails,
  type MessageType,
  type MessageValues,
  messageColumns,
  messageTypes,
} from '../../domain/message.ts';
import { iso } from '../../domain/time.ts';
import type { ChatDirectory } from '../names/chat-directory.ts';
import { type ContactDirectory, type Person, selfName } from '../names/contact-directory.ts';
import type { MessageView } from '../reader.ts';
import { isMedia } from '../search/documents.ts';
import type { Db } from '../sqlite/database.ts';

export interface MessageRow extends Omit<MessageValues, 'raw'> {
  seq: number;
  chat_id: number;
  wire_chat: string | null;
  edited_at: number | null;
  revoked_at: number | null;
}

const ofStore = ['seq', 'chat_id', 'wire_chat', 'edited_at', 'revoked_at'];

/** All columns except `raw`, which would make a page of messages ten times as large. */
export const rowColumns = [...ofStore, ...messageColumns.filter((column) => column !== 'raw')].join(', ');

/** Shows a type that only another writer knows as unsupported. */
export const knownType = (type: string): MessageType =>
  Object.hasOwn(messageTypes, type) ? (type as MessageType) : 'unsupported';

/** The details of a message; null also when another writer stored unreadable text. */
export function parseDetails(text: string | null): MessageDetails | null {
  if (text === null) return null;
  try {
    return JSON.parse(text) as MessageDetails | null;
  } catch {
    return null;
  }
}

/** Turns rows into what tools show: names and canonical addresses instead of row ids and wire addresses. */
export class MessageRows {
  readonly #db: Db;
  readonly #chats: ChatDirectory;
  readonly #contacts: ContactDirectory;

  constructor(db: Db, chats: ChatDirectory, contacts: ContactDirectory) {
    this.#db = db;
    this.#chats = chats;
    this.#contacts = contacts;
  }

  /** The author of a message; in a direct chat, the other person unless the message is from me. */
  author(row: MessageRow): Person | null {
    if (row.sender) return this.#contacts.find(row.sender);
    const chat = this.#chats.get(row.chat_id);
    return chat.row.kind === 'direct' && !row.from_me ? this.#contacts.find(row.wire_chat ?? chat.jid) : null;
  }

  /** The author's name as every view shows it. */
  authorName(row: MessageRow): string | null {
    return row.from_me === 1 ? selfName : (this.author(row)?.name ?? null);
  }

  view(row: MessageRow): MessageView {
    const chat = this.#chats.get(row.chat_id);
    const author = this.author(row);
    return {
      id: row.id,
      chat_jid: chat.jid,
      chat_name: chat.name,
      sender: author?.jid ?? null,
      sender_name: this.authorName(row),
      content: row.content,
      timestamp: iso(row.timestamp),
      is_from_me: row.from_me === 1,
      type: knownType(row.type),
      media_type: isMedia(row.type) ? knownType(row.type) : null,
      filename: row.filename,
      edited: row.edited_at !== null,
      quoted_id: row.quoted_id,
    };
  }

  bySeq(seqs: readonly number[]): Map<number, MessageRow> {
    const rows = this.#db
      .prepare<[string], MessageRow>(
        `SELECT ${rowColumns} FROM messages WHERE hidden_at IS NULL AND seq IN (SELECT value FROM json_each(?))`,
      )
      .all(JSON.stringify(seqs));
    return new Map(rows.map((row) => [row.seq, row]));
  }

  /** Every row with this message id: in one chat (all of its merged rows), or in all chats. */
  byId(id: string, chatIds?: readonly number[]): MessageRow[] {
    const columns = rowColumns.replace(/(\w+)/g, 'm.$1');
    // Goes chat by chat, because the index on ids begins with the chat.
    const chats = chatIds ? '(SELECT value AS id FROM json_each(?))' : 'chats';
    return this.#db
      .prepare<string[], MessageRow>(
        `SELECT ${columns} FROM ${chats} c CROSS JOIN messages m ON m.chat_id = c.id AND m.id = ?
         WHERE m.hidden_at IS NULL ORDER BY m.seq`,
      )
      .all(...(chatIds ? [JSON.stringify(chatIds), id] : [id]));
  }

  /** Rows of a chat next to a place in its order (timestamp, then id), nearest first, without the row at that place. */
  near(
    chatIds: readonly number[],
    direction: 'older' | 'newer',
    limit: number,
    {
      from,
      after,
      before,
    }: { from?: [number, string] | undefined; after?: number | undefined; before?: number | undefined },
  ): MessageRow[] {
    const order = direction === 'older' ? 'DESC' : 'ASC';
    const select = this.#db.prepare<[Record<string, unknown>], MessageRow>(
      `SELECT ${rowColumns} FROM messages WHERE chat_id = @chat AND hidden_at IS NULL
       ${from ? `AND (timestamp, id) ${direction === 'older' ? '<' : '>'} (@time, @id)` : ''}
       ${after === undefined ? '' : 'AND timestamp >= @after'} ${before === undefined ? '' : 'AND timestamp < @before'}
       ORDER BY timestamp ${order}, id ${order} LIMIT @limit`,
    );
    const place = from ? { time: from[0], id: from[1] } : {};
    const bounds = { ...(after === undefined ? {} : { after }), ...(before === undefined ? {} : { before }) };
    const rows = chatIds.flatMap((chat) => select.all({ chat, limit, ...place, ...bounds }));
    if (chatIds.length === 1) return rows;
    const sign = direction === 'older' ? -1 : 1;
    rows.sort(
      (a, b) => sign * (a.timestamp - b.timestamp || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)) || a.seq - b.seq,
    );
    return rows.filter((row, index) => row.id !== rows[index - 1]?.id).slice(0, limit);
  }
}
