import type { CheckpointStatus } from '../../domain/states.ts';
import { iso, isoOrNull } from '../../domain/time.ts';
import type { ChatDirectory } from '../names/chat-directory.ts';
import type { CheckpointReader, CheckpointView, Page } from '../reader.ts';
import type { Db } from '../sqlite/database.ts';
import { decodeCursor, encodeCursor, pageOf, requireLimit } from './cursor.ts';

interface CheckpointRow {
  chat_id: number;
  status: CheckpointStatus;
  messages_synced: number;
  oldest_message_id: string | null;
  oldest_timestamp: number | null;
  error: string | null;
  updated_at: number;
  completed_at: number | null;
}

/** How far back the history of each chat was fetched. */
export class Checkpoints implements CheckpointReader {
  readonly #db: Db;
  readonly #chats: ChatDirectory;

  constructor(db: Db, chats: ChatDirectory) {
    this.#db = db;
    this.#chats = chats;
  }

  list(limit: number, cursor?: string): Page<CheckpointView> & { count: number } {
    const place = decodeCursor('checkpoints', cursor) ?? [Number.MAX_SAFE_INTEGER, 0];
    // A merged chat keeps its checkpoint until its rows have moved; only the chat it was merged into shows it.
    const from = `FROM checkpoints p JOIN chats c ON c.id = p.chat_id
      WHERE (c.merged_into IS NULL OR NOT EXISTS (SELECT 1 FROM checkpoints q WHERE q.chat_id = c.merged_into))`;
    const rows = this.#db
      .prepare<[number, number, number], CheckpointRow>(
        `SELECT p.* ${from} AND (p.updated_at, p.chat_id) < (?, ?) ORDER BY p.updated_at DESC, p.chat_id DESC LIMIT ?`,
      )
      .all(place[0], place[1], requireLimit(limit) + 1);
    return {
      count: this.#db.prepare<[], number>(`SELECT count(*) ${from}`).pluck().get() ?? 0,
      ...pageOf(
        rows,
        limit,
        (row) => this.#view(row),
        (row) => encodeCursor('checkpoints', [row.updated_at, row.chat_id]),
      ),
    };
  }

  #view(row: CheckpointRow): CheckpointView {
    const chat = this.#chats.get(row.chat_id);
    return {
      chat_jid: chat.jid,
      chat_name: chat.name,
      status: row.status,
      messages_synced: row.messages_synced,
      oldest_message_id: row.oldest_message_id,
      oldest_timestamp: isoOrNull(row.oldest_timestamp),
      updated_at: iso(row.updated_at),
      completed_at: isoOrNull(row.completed_at),
      error: row.error,
    };
  }
}
