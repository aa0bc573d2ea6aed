import type { MessageType } from '../../domain/message.ts';
import { isoOrNull } from '../../domain/time.ts';
import type { ChatDirectory } from '../names/chat-directory.ts';
import type { ContactDirectory } from '../names/contact-directory.ts';
import type { Statistics } from '../reader.ts';
import { isMedia } from '../search/documents.ts';
import type { Snapshot } from '../search/snapshot.ts';
import type { Db } from '../sqlite/database.ts';
import { knownType } from './message-rows.ts';

interface Count {
  chat_id: number;
  type: string;
  messages: number;
}

/** Counts messages: the counts of the index, corrected by the rows it has not read. */
export class StatisticsReader {
  readonly #db: Db;
  readonly #chats: ChatDirectory;
  readonly #contacts: ContactDirectory;

  constructor(db: Db, chats: ChatDirectory, contacts: ContactDirectory) {
    this.#db = db;
    this.#chats = chats;
    this.#contacts = contacts;
  }

  /** For these chats, or for every chat that counts. Runs inside the snapshot's transaction. */
  statistics(snapshot: Snapshot, chatIds?: readonly number[]): Statistics {
    const hidden = new Set(chatIds ? [] : this.#chats.hiddenIds());
    const wanted = chatIds && new Set(chatIds);
    const counts = this.#counts(snapshot).filter(
      ({ chat_id }) => !hidden.has(chat_id) && wanted?.has(chat_id) !== false,
    );
    const byType = new Map<MessageType, number>();
    for (const { type: stored, messages } of counts) {
      const type = knownType(stored);
      byType.set(type, (byType.get(type) ?? 0) + messages);
    }
    const types = [...byType].filter(([, messages]) => messages > 0).sort(([a], [b]) => (a < b ? -1 : 1));
    const sum = (some: typeof types) => some.reduce((total, [, messages]) => total + messages, 0);
    const media = sum(types.filter(([type]) => isMedia(type)));
    const ids = new Set(counts.map(({ chat_id }) => chat_id));
    return {
      total_messages: sum(types),
      ...this.#span(ids),
      total_contacts: this.#contacts.count(),
      media_messages: media,
      text_messages: sum(types) - media,
      messages_by_type: Object.fromEntries(types),
    };
  }

  #counts(snapshot: Snapshot): Count[] {
    if (!snapshot.complete || !snapshot.index) {
      return this.#db
        .prepare<[], Count>(
          'SELECT chat_id, type, count(*) AS messages FROM messages WHERE hidden_at IS NULL GROUP BY chat_id, type',
        )
        .all();
    }
    const index = snapshot.index.db;
    const changed = index
      .prepare<[string], Count>(
        'SELECT chat_id, type, -1 AS messages FROM docs WHERE seq IN (SELECT value FROM json_each(?))',
      )
      .all(JSON.stringify([...snapshot.index.skip]));
    return [
      ...index.prepare<[], Count>('SELECT chat_id, type, messages FROM counts').all(),
      ...changed,
      ...snapshot.rows.map(({ chat_id, type }) => ({ chat_id, type, messages: 1 })),
    ];
  }

  /** Chats that have messages, and the time they cover: two index lookups per chat. */
  #span(ids: ReadonlySet<number>): Pick<Statistics, 'total_chats' | 'oldest_message' | 'newest_message'> {
    const ends = this.#db.prepare<[{ id: number }], { oldest: number | null; newest: number | null }>(
      `SELECT (SELECT min(timestamp) FROM messages WHERE chat_id = @id AND hidden_at IS NULL) AS oldest,
              (SELECT max(timestamp) FROM messages WHERE chat_id = @id AND hidden_at IS NULL) AS newest`,
    );
    const chats = new Set<number>();
    let oldest: number | null = null;
    let newest: number | null = null;
    for (const id of ids) {
      const span = ends.get({ id });
      if (span?.oldest == null || span.newest === null) continue;
      chats.add(this.#chats.get(id).row.id);
      oldest = Math.min(oldest ?? span.oldest, span.oldest);
      newest = Math.max(newest ?? span.newest, span.newest);
    }
    return { total_chats: chats.size, oldest_message: isoOrNull(oldest), newest_message: isoOrNull(newest) };
  }
}
