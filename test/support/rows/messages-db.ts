import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { dataPaths } from '../../../src/config.ts';
import { type ChatKind, chatKind } from '../../../src/domain/jid.ts';
import { openReader } from '../../../src/store/open-reader.ts';
import type { MessageQuery, QueryResult, Reader } from '../../../src/store/reader.ts';
import { openIndex, type SearchIndex } from '../../../src/store/search/indexer.ts';
import { type Db, migrate, openWriter } from '../../../src/store/sqlite/database.ts';

/** Columns of a row of messages that a test sets. */
export interface MessageFixture {
  id?: string;
  timestamp?: number;
  sender?: string | null;
  from_me?: 0 | 1;
  type?: string;
  content?: string;
  filename?: string | null;
  title?: string | null;
  wire_chat?: string | null;
  quoted_id?: string | null;
  details?: string | null;
  raw?: Uint8Array | null;
  edited_at?: number | null;
  revoked_at?: number | null;
  expires_at?: number | null;
  starred?: 0 | 1;
  status?: string | null;
}

export interface ChatFixture {
  kind?: ChatKind;
  name?: string | null;
  pn?: string | null;
  lid?: string | null;
  parent_jid?: string | null;
  unread_count?: number;
  archived?: 0 | 1;
  pinned_at?: number | null;
  muted_until?: number | null;
  last_message_at?: number | null;
}

export interface ContactFixture {
  pn?: string | null;
  lid?: string | null;
  saved_name?: string | null;
  push_name?: string | null;
  business_name?: string | null;
}

/** The first second of 2025, from which fixtures count. */
export const start = 1_735_689_600;

/** A real messages.db in a folder of its own, filled row by row, with an index and a reader. */
export class MessagesDb {
  readonly folder = mkdtempSync(join(tmpdir(), 'messages-'));
  readonly paths = dataPaths(this.folder);
  readonly db: Db = openWriter(this.paths.messages);
  #index: SearchIndex | undefined;
  #reader: Reader | undefined;
  #made = 0;

  constructor() {
    migrate(this.db);
  }

  get index(): SearchIndex {
    this.#index ??= openIndex(this.paths.search);
    return this.#index;
  }

  get reader(): Reader {
    this.#reader ??= openReader(this.paths);
    return this.#reader;
  }

  chat(jid: string, fields: ChatFixture = {}): number {
    const id = this.#insert('chats', { jid, kind: chatKind(jid), ...fields });
    for (const alias of new Set([jid, fields.pn, fields.lid])) if (alias) this.chatAlias(alias, id);
    return id;
  }

  chatAlias(alias: string, chatId: number): void {
    this.db.prepare('INSERT OR REPLACE INTO chat_aliases (alias, chat_id) VALUES (?, ?)').run(alias, chatId);
  }

  contact(jid: string, fields: ContactFixture = {}): number {
    const id = this.#insert('contacts', { jid, ...fields });
    for (const alias of new Set([jid, fields.pn, fields.lid])) {
      if (alias) this.db.prepare('INSERT OR REPLACE INTO contact_aliases VALUES (?, ?)').run(alias, id);
    }
    return id;
  }

  /** A message one second after the last one, unless the fields say otherwise; returns its `seq`. */
  message(chatId: number, fields: MessageFixture = {}): number {
    const number = ++this.#made;
    return this.#insert('messages', {
      chat_id: chatId,
      id: `MSG${String(number).padStart(6, '0')}`,
      timestamp: start + number,
      from_me: 0,
      type: 'text',
      content: `text ${number}`,
      source: 'baileys',
      ...fields,
    });
  }

  change(chatId: number, messageId: string, kind: string, actor: string, at: number, value: string): void {
    this.#insert('changes', { chat_id: chatId, message_id: messageId, kind, actor, at, value });
  }

  /** Marks a chat as merged, as the first step of a merge; the rows follow later. */
  merge(from: number, into: number): void {
    this.db.prepare('UPDATE chat_aliases SET chat_id = ? WHERE chat_id = ?').run(into, from);
    this.db.prepare('UPDATE chats SET merged_into = ? WHERE id = ?').run(into, from);
  }

  query(query: Partial<MessageQuery>): QueryResult {
    return this.reader.messages.query({ include_media: true, limit: 500, offset: 0, ...query });
  }

  /** Message ids of every page of a search, newest first. */
  found(query: Partial<MessageQuery>): string[] {
    const ids: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null; ) {
      const page = this.query({ ...query, ...(cursor ? { cursor } : {}) });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.next_cursor;
    }
    return ids;
  }

  close(): void {
    this.#reader?.close();
    this.#index?.close();
    this.db.close();
    rmSync(this.folder, { recursive: true });
  }

  #insert(table: string, fields: Record<string, unknown>): number {
    const names = Object.keys(fields);
    const sql = `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((name) => `@${name}`).join(', ')})`;
    return Number(this.db.prepare(sql).run(fields).lastInsertRowid);
  }
}
