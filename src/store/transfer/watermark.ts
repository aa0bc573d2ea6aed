import type { Db } from '../sqlite/database.ts';
import type { Lane, Staging } from '../staging/staging.ts';

/**
 * How far one lane of one staging.db is copied: a row of messages.db, so that it moves in the same transaction as the
 * rows.
 */
export interface Watermark {
  last_seq: number;
  last_change_seq: number;
  /** Upper bound of the current pass; null between passes. */
  pass_upto: number | null;
  pass_chat: string | null;
  pass_timestamp: number | null;
  pass_id: string | null;
  /** Counters of the current pass, or of the last one. */
  synced: number;
  duplicates: number;
  failed: number;
}

export interface WatermarkStore {
  /** False when messages.db has never seen this staging.db before. */
  ensure(): boolean;
  /** Takes the write lock of messages.db and reads the current state: the first statement of every transaction. */
  lock(): Watermark;
  read(): Watermark;
  write(mark: Watermark): void;
}

const fields = [
  'last_seq',
  'last_change_seq',
  'pass_upto',
  'pass_chat',
  'pass_timestamp',
  'pass_id',
  'synced',
  'duplicates',
  'failed',
] as const;

export function watermarkStore(db: Db, staging: Pick<Staging, 'generation'>, lane: Lane): WatermarkStore {
  const key = { generation: staging.generation, lane };
  const where = 'WHERE generation = @generation AND lane = @lane';
  const insert = db.prepare(
    'INSERT INTO main.watermarks (generation, lane) VALUES (@generation, @lane) ON CONFLICT (generation, lane) DO NOTHING',
  );
  const lock = db.prepare(`UPDATE main.watermarks SET lane = lane ${where} RETURNING ${fields.join(', ')}`);
  const read = db.prepare(`SELECT ${fields.join(', ')} FROM main.watermarks ${where}`);
  const write = db.prepare(
    `UPDATE main.watermarks SET ${fields.map((name) => `${name} = @${name}`).join(', ')} ${where}`,
  );
  return {
    ensure: () => insert.run(key).changes === 0,
    lock: () => lock.get(key) as Watermark,
    read: () => read.get(key) as Watermark,
    write: (mark) => void write.run({ ...mark, ...key }),
  };
}
