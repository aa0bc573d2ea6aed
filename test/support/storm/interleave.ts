import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestBatch } from '../../../bridges/bridge.ts';
import type { LidPair } from '../../../src/domain/chat.ts';
import type { Message, MessageChange } from '../../../src/domain/message.ts';
import { openReader } from '../../../src/store/open-reader.ts';
import { type Db, migrate, openWriter } from '../../../src/store/sqlite/database.ts';
import { openStaging, type Staging } from '../../../src/store/staging/staging.ts';
import { createIngest } from '../../../src/sync/ingest.ts';
import { type TransferPoint, transfer } from '../../../src/sync/transfer.ts';
import { pick, seeded } from '../random.ts';
import { blankMessage } from '../rows/blank-message.ts';

const me = { jid: '15550100000@s.whatsapp.net', lid: '20000000000000@lid' };
const groups = ['120363000000000001@g.us', '120363000000000002@g.us'];
const pairs: LidPair[] = [1, 2, 3, 4].map((n) => ({
  pn: `1555010000${n}@s.whatsapp.net`,
  lid: `2000000000000${n}@lid`,
}));
const begin = 1_760_000_000;

/** The people and groups of every story. */
export const cast = { me, groups, pairs };

/** Ends a copy at a named point, like a kill. */
const points: readonly TransferPoint[] = ['begun', 'written', 'committed', 'copied', 'durable', 'deleting'];

/** One commit of arriving data. */
export interface Arrival {
  kind: 'live' | 'page' | 'pair' | 'change';
  batch: IngestBatch;
}

const person = (random: () => number) => Math.floor(random() * pairs.length);
const address = (n: number, random: () => number): string => (random() < 0.5 ? pairs[n]!.pn : pairs[n]!.lid);

/** The n-th message of a conversation in which everyone is addressed in either form. */
function messageOf(n: number, random: () => number): (random: () => number) => Message {
  const author = person(random);
  const group = random() < 0.4 ? pick(random, groups) : undefined;
  const fromMe = random() < 0.25;
  const document = random() < 0.2;
  return (wire) => ({
    ...blankMessage,
    chatJid: group ?? address(author, wire),
    id: `M${n}`,
    timestamp: begin + n * 60,
    sender: fromMe ? me.jid : address(author, wire),
    fromMe,
    type: document ? 'document' : 'text',
    content: `text ${n}`,
    filename: document ? `file ${n}.pdf` : null,
    raw: new Uint8Array([n]),
  });
}

function changeOf(n: number, target: Message, random: () => number): MessageChange {
  const kind = pick(random, ['edit', 'edit', 'revoke', 'reaction', 'reaction', 'receipt'] as const);
  const reader = target.fromMe ? address(person(random), random) : me.jid;
  const actors = {
    edit: target.sender!,
    revoke: target.sender!,
    reaction: address(person(random), random),
    receipt: reader,
  };
  const values = { edit: `edited ${n}`, revoke: '', reaction: pick(random, ['👍', '🎉', '']), receipt: 'read' };
  const at = (kind === 'edit' ? target.timestamp + 30 + n : begin + 100_000 + n) * 1000;
  return { chatJid: target.chatJid, messageId: target.id, kind, actor: actors[kind], at, value: values[kind] };
}

/** The arrivals of one story, determined by the seed. Messages arrive live, in history pages, or both. */
export function story(seed: number, count = 40): Arrival[] {
  const random = seeded(seed);
  const made = Array.from({ length: count }, (_, n) => messageOf(n, random));
  const arrivals: Arrival[] = pairs.map((pair) => ({ kind: 'pair', batch: { lane: 'live', lidPairs: [pair] } }));
  for (const make of made) {
    if (random() < 0.7) arrivals.push({ kind: 'live', batch: { lane: 'live', messages: [make(random)] } });
  }
  for (let from = 0; from < count; from += 8) {
    const messages = made.slice(from, from + 8).map((make) => make(random));
    const chats = messages.map(({ chatJid, timestamp }) => ({
      jid: chatJid,
      unreadCount: 1,
      lastMessageAt: timestamp,
    }));
    arrivals.push({ kind: 'page', batch: { lane: 'history', messages, chats } });
  }
  for (let n = 0; n < count; n++) {
    const change = changeOf(n, pick(random, made)(random), random);
    arrivals.push({ kind: 'change', batch: { lane: random() < 0.8 ? 'live' : 'history', changes: [change] } });
  }
  return arrivals;
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const copy = [...items];
  for (let last = copy.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [copy[last], copy[other]] = [copy[other]!, copy[last]!];
  }
  return copy;
}

export interface Course {
  /** The final state as a reader sees it. */
  seen: unknown;
  restarts: number;
  copies: number;
  broken: number;
}

/** A data directory whose processes start and end. */
class Directory {
  readonly folder = mkdtempSync(join(tmpdir(), 'interleave-'));
  readonly paths = {
    messages: join(this.folder, 'messages.db'),
    staging: join(this.folder, 'staging.db'),
    search: join(this.folder, 'search.db'),
    auth: join(this.folder, 'auth.db'),
  };
  db!: Db;
  staging!: Staging;
  sink!: ReturnType<typeof createIngest>;

  constructor() {
    this.open();
  }

  open(): void {
    this.db = openWriter(this.paths.messages);
    migrate(this.db);
    this.staging = openStaging(this.paths.staging);
    this.staging.db.pragma('synchronous = OFF'); // no story includes a power failure
    this.sink = createIngest(this.staging, { quietMs: 1000, now: () => begin * 1000 });
    this.sink.onLinked(me);
  }

  close(): void {
    this.db.close();
    this.staging.close();
  }

  /** Copies a lane, or dies at a point; returns whether the copy finished. */
  async copy(lane: 'live' | 'history', dieAt?: TransferPoint): Promise<boolean> {
    const died = new Error('died');
    try {
      await transfer(this.db, this.paths.staging, lane, {
        at: (point) => {
          if (point === dieAt) throw died;
        },
      });
      return true;
    } catch (error) {
      if (error !== died) throw error;
      return false;
    }
  }

  see(): unknown {
    const reader = openReader(this.paths);
    try {
      const { items: chats } = reader.chats.list({ sort_by: 'name', limit: 500 });
      const messages = chats.flatMap(({ chat_jid }) => reader.messages.list(chat_jid, { limit: 500 }).items);
      const { messages_by_type, total_contacts, total_messages } = reader.messages.statistics();
      const rows = (sql: string) => this.db.prepare(sql).all();
      return {
        chats: chats.map(({ last_message, ...chat }) => ({ ...chat, last: last_message?.id })).sort(byAddress),
        messages: messages.map(({ id, chat_jid }) => ordered(reader.messages.get(id, chat_jid))).sort(byId),
        statistics: { messages_by_type, total_contacts, total_messages },
        conflicts: rows('SELECT id FROM conflicts ORDER BY id'),
      };
    } finally {
      reader.close();
    }
  }
}

const byAddress = (a: { chat_jid: string }, b: { chat_jid: string }) => (a.chat_jid < b.chat_jid ? -1 : 1);
const byId = (a: { id: string }, b: { id: string }) => (a.id < b.id ? -1 : 1);

/** Reactions and receipts of the same time have no defined order. */
function ordered<T extends { id: string; reactions: object[]; receipts: object[] }>(message: T): T {
  const sorted = (list: object[]) => list.map((one) => JSON.stringify(one)).sort();
  return { ...message, reactions: sorted(message.reactions), receipts: sorted(message.receipts) };
}

/** Plays a story in one order, with copies, interrupted copies and restarts in between, and returns the final state. */
export async function play(arrivals: readonly Arrival[], seed: number): Promise<Course> {
  const random = seeded(seed);
  const directory = new Directory();
  const course: Course = { seen: undefined, restarts: 0, copies: 0, broken: 0 };
  try {
    for (const { batch } of arrivals) {
      directory.sink.ingest(batch);
      if (random() < 0.25) {
        const whole = await directory.copy(
          random() < 0.7 ? 'live' : 'history',
          random() < 0.4 ? pick(random, points) : undefined,
        );
        course[whole ? 'copies' : 'broken']++;
        if (whole && random() < 0.8) continue;
        directory.close();
        directory.open();
        course.restarts++;
      }
    }
    for (const lane of ['history', 'live', 'history'] as const) await directory.copy(lane); // resumed copies end early
    course.seen = directory.see();
    return course;
  } finally {
    directory.close();
    rmSync(directory.folder, { recursive: true, force: true });
  }
}
