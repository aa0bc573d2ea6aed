import { type Lane, laneState, type Staging } from './staging.ts';

/**
 * Everything that the worker writes into staging.db, in short transactions of its own and never within one on
 * messages.db.
 */

/**
 * Freezes the rows of a lane and returns the highest `seq` among them: ingest no longer changes these rows and stages
 * repeats as new rows.
 */
export function freezeLane({ db }: Staging, lane: Lane): number {
  return db
    .prepare(`
      UPDATE lanes SET frozen_upto = max(frozen_upto, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'messages'), 0))
      WHERE lane = ? RETURNING frozen_upto`)
    .pluck()
    .get(lane) as number;
}

/** Records a row that messages.db refused, with the reason; repeating the call changes nothing. */
export function rejectRow({ db }: Staging, kind: 'message' | 'change', seq: number, reason: string): void {
  const table = kind === 'message' ? 'messages' : 'changes';
  const row = db.prepare(`SELECT * FROM ${table} WHERE seq = ?`).get(seq) as Record<string, unknown> | undefined;
  if (!row) return;
  const text = JSON.stringify(row, (_, value) =>
    value?.type === 'Buffer' ? Buffer.from(value.data).toString('hex') : value,
  );
  db.prepare('INSERT INTO rejected (kind, seq, reason, row) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING').run(
    kind,
    seq,
    reason,
    text,
  );
}

/** Recounts the waiting rows after rows up to `lastSeq` were copied. Safe to repeat. */
export function settleLane(staging: Staging, lane: Lane, lastSeq: number, passDuplicates: number): void {
  staging.db
    .transaction(() => {
      const { counted_upto } = laneState(staging, lane);
      if (counted_upto >= lastSeq) return;
      if (lane === 'history') countFoundDuplicates(staging, counted_upto, lastSeq, passDuplicates);
      staging.db
        .prepare(`
          UPDATE lanes SET counted_upto = @upto,
            waiting = (SELECT count(*) FROM messages WHERE lane = @lane AND seq > @upto)
          WHERE lane = @lane`)
        .run({ lane, upto: lastSeq });
    })
    .immediate();
}

/** How many duplicates of the pass are already subtracted, including those before a resumed pass was interrupted. */
const countedKey = 'pass_duplicates_counted';

/** Resets the counter for a new pass. */
export const forgetCounted = (staging: Staging): void => staging.writeMeta(countedKey, '0');

/**
 * Subtracts duplicates that only the copy could see, such as one message under both addresses of a person. Ingest
 * counted them as received; it did not count the duplicates that it recognised itself.
 */
function countFoundDuplicates(staging: Staging, after: number, upto: number, duplicates: number): void {
  const counted = Number(staging.readMeta(countedKey) ?? 0);
  staging.writeMeta(countedKey, String(duplicates));
  const expected = staging.db
    .prepare(`
      SELECT coalesce(sum(repeats + (stored_before = 1 OR variant <> '' OR chunk_id IS NULL)), 0)
      FROM messages WHERE lane = 'history' AND seq > ? AND seq <= ?`)
    .pluck()
    .get(after, upto) as number;
  addFoundDuplicates(staging, Math.max(0, duplicates - counted - expected));
}

/** Subtracts duplicates from the number of received messages. */
export function addFoundDuplicates(staging: Staging, found: number): void {
  if (found === 0) return;
  staging.writeMeta('history_duplicates', String(found + Number(staging.readMeta('history_duplicates') ?? 0)));
}

interface Position {
  chat_jid: string;
  timestamp: number;
  id: string;
}

/** Deletes copied rows of a lane, at most `limit` per transaction; each step continues where the last one ended. */
export function* deleteCopied({ db }: Staging, lane: Lane, lastSeq: number, limit: number): Generator<number> {
  const select = db.prepare(`
    SELECT seq, chat_jid, timestamp, id FROM messages
    WHERE lane = @lane AND (chat_jid, timestamp, id) >= (@chat_jid, @timestamp, @id) AND seq <= @lastSeq
    ORDER BY chat_jid, timestamp, id LIMIT @limit`);
  const remove = db.prepare('DELETE FROM messages WHERE seq = ?');
  let position: Position = { chat_jid: '', timestamp: Number.MIN_SAFE_INTEGER, id: '' };
  for (;;) {
    const rows = db
      .transaction(() => {
        const found = select.all({ ...position, lane, lastSeq, limit }) as (Position & { seq: number })[];
        for (const row of found) remove.run(row.seq);
        return found;
      })
      .immediate();
    const last = rows.at(-1);
    if (!last) break;
    position = last;
    yield rows.length;
  }
  db.prepare('UPDATE lanes SET cleaned_upto = max(cleaned_upto, ?) WHERE lane = ?').run(lastSeq, lane);
}

/** Deletes copied changes up to `lastSeq`. Yields like deleteCopied. */
export function* deleteCopiedChanges({ db }: Staging, lane: Lane, lastSeq: number, limit: number): Generator<number> {
  const remove = db.prepare(
    'DELETE FROM changes WHERE seq IN (SELECT seq FROM changes WHERE seq <= ? AND lane = ? ORDER BY seq LIMIT ?)',
  );
  for (;;) {
    const { changes } = remove.run(lastSeq, lane, limit);
    if (changes === 0) return;
    yield changes;
  }
}

/**
 * Deletes all staged messages, copied or not, at most `limit` per transaction, and with `facts` all other staged rows.
 * Keeps what is known about chunks. Yields like deleteCopied.
 */
export function* deleteStaged({ db }: Staging, { limit, facts }: { limit: number; facts: boolean }): Generator<number> {
  if (facts) {
    const tables = ['changes', 'chats', 'member_words', 'contacts', 'rejected'];
    db.transaction(() => db.exec(tables.map((table) => `DELETE FROM ${table};`).join('\n'))).immediate();
  }
  const remove = db.prepare('DELETE FROM messages WHERE seq IN (SELECT seq FROM messages ORDER BY seq LIMIT ?)');
  for (;;) {
    const { changes } = remove.run(limit);
    if (changes === 0) break;
    yield changes;
  }
  db.exec('UPDATE lanes SET waiting = (SELECT count(*) FROM messages WHERE messages.lane = lanes.lane)');
}
