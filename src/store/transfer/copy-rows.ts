import { openOriginals } from '../rights/originals.ts';
import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';
import type { Lane } from '../staging/staging.ts';
import { inspectRepeats } from '../write/fill.ts';
import type { Watermark } from './watermark.ts';

/** A run of staged rows of one chat in key order, between two positions; both bounds include `seq`. */
export interface CopyRange {
  lane: Lane;
  jid: string;
  after_timestamp: number;
  after_id: string;
  upto_timestamp: number;
  upto_id: string;
  after_seq: number;
  upto_seq: number;
}

export interface RangeFacts {
  rows: number;
  /** Deliveries after the first of each row. */
  repeats: number;
  /** Rows with the same id as another staged row: these are copied one by one. */
  variants: number;
}

export interface CopyCounts {
  inserted: number;
  /** Rows by another author under an existing id, stored in `conflicts`. */
  conflicts: number;
}

/** Statements that copy staged rows into messages.db; staging.db is attached as `staging`. */
export interface Copier {
  /** Addresses of a pass's chats up to its cursor. */
  chatsUpto(lane: Lane, mark: Watermark): string[];
  nextChat(range: Pick<CopyRange, 'lane' | 'after_seq' | 'upto_seq'>, after: string): string | undefined;
  /** Where a run of at most `rows` rows ends; undefined when fewer are left. */
  boundary(range: CopyRange, rows: number): { timestamp: number; id: string } | undefined;
  facts(range: CopyRange): RangeFacts;
  copy(range: CopyRange, chatId: number, rows: number): CopyCounts;
  seqs(range: CopyRange): number[];
  copyOne(seq: number, jid: string, chatId: number): CopyCounts;
  /** Ids in the range with edits or other changes that wait for their message. */
  changed(range: CopyRange, chatId: number): string[];
  /** Ids in the range that were deleted on the phone. */
  deleted(range: CopyRange): string[];
  /** The oldest and newest of these rows that are in messages.db. */
  span(range: CopyRange, chatId: number): { oldest_id: string; oldest: number; newest: number } | undefined;
}

const inRange = `s.lane = @lane AND s.chat_jid = @jid
  AND (s.timestamp, s.id) > (@after_timestamp, @after_id) AND (s.timestamp, s.id) <= (@upto_timestamp, @upto_id)
  AND s.seq > @after_seq AND s.seq <= @upto_seq`;
const isRow = 's.seq = @seq';
const sameMessage = 'm.chat_id = @chat_id AND m.id = s.id';

const source = 'staging.messages';

/** Inserts new rows; merges existing ones where needed, or stores the new row as a conflict. */
function upsertRows(db: Db, where: string): (params: object, rows: number) => CopyCounts {
  const join = `${sameMessage} AND ${where}`;
  const insert = db.prepare(rule('insert_messages', { source, where, origin: "'baileys'" }));
  const look = db.prepare(inspectRepeats(source, join));
  const fill = db.prepare(rule('fill_messages', { source, join }));
  const keep = db.prepare(rule('keep_conflict', { source, join, origin: "'baileys'" }));
  const changed = db.prepare(rule('changed_messages', { source, join })).pluck();
  const originals = openOriginals(db);
  const lookAt = (params: object) => look.get(params) as { stored: number; needs_care: number };
  // Repeats come in long runs, so after one repeat a lookup before each insert pays off.
  let expectRepeats = false;
  // A savepoint inside the caller's transaction: a bad row rolls the whole run back.
  return db.transaction((params: object, rows: number): CopyCounts => {
    const before = expectRepeats ? lookAt(params) : undefined;
    const allStored = before?.stored === rows;
    const inserted = allStored ? 0 : insert.run(params).changes;
    expectRepeats = inserted < rows;
    if (inserted === rows || (allStored ? before : lookAt(params)).needs_care === 0) return { inserted, conflicts: 0 };
    for (const seq of changed.all(params) as number[]) originals.restore(seq);
    fill.run(params);
    return { inserted, conflicts: keep.run(params).changes };
  });
}

export function openCopier(db: Db): Copier {
  const copyMany = upsertRows(db, inRange);
  const copyOne = upsertRows(db, isRow);
  const select = (columns: string, rest: string) => db.prepare(`SELECT ${columns} FROM ${source} AS s ${rest}`);
  const nextChat = select(
    's.chat_jid',
    `WHERE s.lane = @lane AND s.chat_jid > @after AND s.seq > @after_seq AND s.seq <= @upto_seq
     ORDER BY s.chat_jid LIMIT 1`,
  ).pluck();
  const chatsUpto = select(
    'DISTINCT s.chat_jid',
    'WHERE s.lane = @lane AND s.chat_jid <= @pass_chat AND s.seq > @last_seq AND s.seq <= @pass_upto',
  ).pluck();
  const boundary = select('s.timestamp, s.id', `WHERE ${inRange} ORDER BY s.timestamp, s.id LIMIT 1 OFFSET @offset`);
  const facts = select(
    "count(*) AS rows, coalesce(sum(s.repeats), 0) AS repeats, count(nullif(s.variant, '')) AS variants",
    `WHERE ${inRange}`,
  );
  const seqs = select('s.seq', `WHERE ${inRange} ORDER BY s.variant, s.timestamp, s.id`).pluck();
  const anyChange = db.prepare('SELECT 1 FROM main.changes WHERE chat_id = ? LIMIT 1');
  const changed = db
    .prepare(`
      SELECT DISTINCT c.message_id FROM main.changes AS c
      WHERE c.chat_id = @chat_id AND c.message_id IN (SELECT s.id FROM ${source} AS s WHERE ${inRange})`)
    .pluck();
  const deleted = select('s.id', `WHERE ${inRange} AND s.id IN (SELECT message_id FROM main.deletions)`).pluck();
  return {
    chatsUpto: (lane, mark) => chatsUpto.all({ ...mark, lane }) as string[],
    nextChat: (range, after) => nextChat.get({ ...range, after }) as string | undefined,
    boundary: (range, rows) => boundary.get({ ...range, offset: rows - 1 }) as { timestamp: number; id: string },
    facts: (range) => facts.get(range) as RangeFacts,
    copy: (range, chatId, rows) => copyMany({ ...range, chat_id: chatId }, rows),
    seqs: (range) => seqs.all(range) as number[],
    copyOne: (seq, jid, chatId) => copyOne({ seq, jid, chat_id: chatId }, 1),
    changed: (range, chatId) =>
      anyChange.get(chatId) === undefined ? [] : (changed.all({ ...range, chat_id: chatId }) as string[]),
    deleted: (range) => deleted.all(range) as string[],
    span: openSpan(db),
  };
}

function openSpan(db: Db): Copier['span'] {
  const present = `FROM ${source} AS s WHERE ${inRange} AND s.timestamp > 0
    AND EXISTS (SELECT 1 FROM main.messages AS m WHERE ${sameMessage})`;
  const oldest = db.prepare(`SELECT s.id, s.timestamp ${present} ORDER BY s.timestamp, s.id LIMIT 1`);
  const newest = db.prepare(`SELECT s.timestamp ${present} ORDER BY s.timestamp DESC, s.id DESC LIMIT 1`).pluck();
  return (range, chatId) => {
    const params = { ...range, chat_id: chatId };
    const first = oldest.get(params) as { id: string; timestamp: number } | undefined;
    if (!first) return undefined;
    return { oldest_id: first.id, oldest: first.timestamp, newest: newest.get(params) as number };
  };
}
