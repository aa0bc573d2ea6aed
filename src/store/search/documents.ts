import { normalizeJid } from '../../domain/jid.ts';
import { messageTypes } from '../../domain/message.ts';
import type { Db } from '../sqlite/database.ts';
import { indexedText } from './words.ts';

/** What the index reads of a message. */
export interface SourceRow {
  seq: number;
  chat_id: number;
  timestamp: number;
  sender: string | null;
  from_me: number;
  type: string;
  content: string;
  filename: string | null;
  title: string | null;
}

/** The sender is the other person in a direct chat, unless the message is from me. */
export const sourceColumns = `m.seq, m.chat_id, m.timestamp, m.from_me, m.type, m.content, m.filename, m.title,
  coalesce(m.sender, CASE WHEN c.kind = 'direct' AND m.from_me = 0 THEN coalesce(m.wire_chat, c.jid) END) AS sender
  FROM messages m JOIN chats c ON c.id = m.chat_id AND m.hidden_at IS NULL`;

const slots = 64;
const epoch = 1_230_768_000; // 2009: no message is older, so document ids stay short
const latest = 2 ** 40;
/** Marks the account's own messages. */
export const ownTerm = 'me';

/** The first document id of a second. */
export const firstDocid = (timestamp: number): number => (Math.max(0, Math.min(timestamp, latest)) - epoch) * slots;

export const isMedia = (type: string): boolean =>
  Object.hasOwn(messageTypes, type) && messageTypes[type as keyof typeof messageTypes].media;

const word = (text: string): string => (/^[a-z0-9]+$/.test(text) ? text : Buffer.from(text).toString('hex'));

export const chatTerm = (chatId: number): string => `c${chatId}`;
export const typeTerm = (type: string): string => `t${word(type)}`;

/** The term for an address. It uses the wire address, so that a later pairing does not change the index. */
export function senderTerm(jid: string): string {
  const address = normalizeJid(jid) ?? jid;
  const [, user, server] = /^(\d+)@(s\.whatsapp\.net|lid)$/.exec(address) ?? [];
  if (user === undefined) return `x${Buffer.from(address).toString('hex')}`;
  return `${server === 'lid' ? 'l' : 's'}${user}`;
}

function keyTerms(row: SourceRow): string {
  const sender = row.sender === null ? '' : senderTerm(row.sender);
  return `${chatTerm(row.chat_id)} ${row.from_me ? ownTerm : 'them'} ${typeTerm(row.type)} ${sender}`;
}

/** What is indexed of a row. */
export function searchableText(row: Pick<SourceRow, 'content' | 'filename' | 'title'>): string {
  return indexedText([row.content, row.filename, row.title].filter((text) => typeof text === 'string'));
}

/** The first free id after the last one used in a second; a full second overflows into the next. */
function freeDocid(from: number, highestIn: (low: number, high: number) => number | null): number {
  for (let low = from; ; ) {
    const high = (Math.floor(low / slots) + 1) * slots;
    const highest = highestIn(low, high);
    if (highest === null) return low;
    if (highest + 1 < high) return highest + 1;
    low = high;
  }
}

/** Adds rows that are not in the index; call inside a transaction. Returns the largest overflow in seconds. */
export function addDocuments(db: Db, rows: readonly SourceRow[]): number {
  const highest = db
    .prepare<[number, number], number | null>('SELECT max(docid) FROM docs WHERE docid >= ? AND docid < ?')
    .pluck();
  const insertDoc = db.prepare('INSERT INTO docs (docid, seq, timestamp, chat_id, type) VALUES (?, ?, ?, ?, ?)');
  const insertEntry = db.prepare('INSERT INTO entries (rowid, text, k) VALUES (?, ?, ?)');
  const counts = new Counts(db);
  let last = Number.MIN_SAFE_INTEGER;
  let overflowSeconds = 0;
  // FTS5 writes a new segment whenever an id decreases, so ids must rise.
  for (const row of [...rows].sort((a, b) => a.timestamp - b.timestamp || a.seq - b.seq)) {
    const first = firstDocid(row.timestamp);
    const docid = freeDocid(Math.max(first, last + 1), (low, high) => highest.get(low, high) ?? null);
    last = docid;
    overflowSeconds = Math.max(overflowSeconds, Math.floor((docid - first) / slots));
    insertDoc.run(docid, row.seq, row.timestamp, row.chat_id, row.type);
    insertEntry.run(docid, searchableText(row), keyTerms(row));
    counts.add(row.chat_id, row.type, 1);
  }
  counts.write();
  return overflowSeconds;
}

/** Removes messages from the index; call inside a transaction. Skips unknown ones. */
export function removeDocuments(db: Db, seqs: readonly number[]): void {
  const find = db.prepare<[number], { docid: number; chat_id: number; type: string }>(
    'SELECT docid, chat_id, type FROM docs WHERE seq = ?',
  );
  const deleteDoc = db.prepare('DELETE FROM docs WHERE docid = ?');
  const deleteEntry = db.prepare('DELETE FROM entries WHERE rowid = ?');
  const counts = new Counts(db);
  for (const seq of seqs) {
    const doc = find.get(seq);
    if (!doc) continue;
    deleteDoc.run(doc.docid);
    deleteEntry.run(doc.docid);
    counts.add(doc.chat_id, doc.type, -1);
  }
  counts.write();
}

/** Collects changes of `counts`, so that a thousand rows of one chat need one statement. */
class Counts {
  readonly #changes = new Map<string, { chatId: number; type: string; by: number }>();
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  add(chatId: number, type: string, by: number): void {
    const key = `${chatId} ${type}`;
    const change = this.#changes.get(key);
    if (change) change.by += by;
    else this.#changes.set(key, { chatId, type, by });
  }

  write(): void {
    const upsert = this.#db.prepare(
      `INSERT INTO counts (chat_id, type, messages) VALUES (?, ?, ?)
       ON CONFLICT (chat_id, type) DO UPDATE SET messages = messages + excluded.messages`,
    );
    for (const { chatId, type, by } of this.#changes.values()) upsert.run(chatId, type, by);
    this.#db.prepare('DELETE FROM counts WHERE messages = 0').run();
  }
}
