import type { Message } from '../../src/domain/message.ts';
import { openStaging } from '../../src/store/staging/staging.ts';
import { createIngest } from '../../src/sync/ingest.ts';

const firstTime = 1_600_000_000;
const years = 4 * 365 * 86_400;
const words = 'hello birthday party tomorrow works thanks see you there grüße 你好 สวัสดี नमस्ते مرحبا photo'.split(' ');

/** A small seeded generator (mulberry32), so that two runs copy the same rows. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Sizes of `chats` chats that fall like 1/rank and add up to `total`. */
function chatSizes(total: number, chats: number): number[] {
  const weights = Array.from({ length: chats }, (_, rank) => 1 / (rank + 1));
  const sum = weights.reduce((a, b) => a + b);
  const sizes = weights.map((weight) => Math.floor((total * weight) / sum));
  sizes[0] = (sizes[0] ?? 0) + total - sizes.reduce((a, b) => a + b);
  return sizes;
}

/** Rows as a phone sends them: slice by slice of time, in each slice chat by chat, newest first. */
function* phoneRows(total: number, slices = 20): Generator<Message> {
  const next = random(1);
  const sizes = chatSizes(total, 500);
  const done = sizes.map(() => 0);
  for (let slice = 1; slice <= slices; slice++) {
    for (const [chat, size] of sizes.entries()) {
      const upto = Math.floor((size * slice) / slices);
      for (let index = done[chat] as number; index < upto; index++) yield row(chat, index, size, next);
      done[chat] = upto;
    }
  }
}

function row(chat: number, index: number, size: number, next: () => number): Message {
  const isGroup = chat % 3 === 0;
  const chatJid = isGroup ? `1203630000000${10_000 + chat}@g.us` : `155501${10_000 + chat}@s.whatsapp.net`;
  const media = next() < 0.25;
  const length = Math.min(40, 1 + Math.floor(Math.exp(next() * 3.3)));
  const text = Array.from({ length }, () => words[Math.floor(next() * words.length)]).join(' ');
  const id = `3EB0${Array.from({ length: 4 }, () =>
    Math.floor(next() * 65_536)
      .toString(16)
      .padStart(4, '0'),
  ).join('')}${index.toString(16)}`;
  // One literal: a spread of defaults makes objects of which V8 reads and copies each field slowly.
  const row: Partial<Message> = {
    chatJid,
    id: id.toUpperCase(),
    timestamp: firstTime + Math.floor(years * (1 - index / size)),
    sender: isGroup ? `155501${10_000 + Math.floor(next() * 200)}@s.whatsapp.net` : chatJid,
    fromMe: false,
    type: media ? 'image' : 'text',
    content: media && next() < 0.5 ? '' : text,
    filename: media ? `IMG-${index}.jpg` : null,
    title: null,
    quotedId: null,
    forwarded: false,
    viewOnce: false,
    starred: false,
    expiresAt: null,
    status: null,
    details: media ? { media: { mime_type: 'image/jpeg', size: 100_000 + index } } : null,
    raw: Buffer.alloc(120, index & 0xff),
  };
  return row as Message; // a new column may be absent
}

/** Ingests this many history rows into a staging.db; returns the duration in ms. */
export function stageHistory(path: string, rows: number): number {
  const staging = openStaging(path);
  const sink = createIngest(staging, { quietMs: 0 });
  sink.onLinked({ jid: '15550100000@s.whatsapp.net', lid: null }); // as in real use, before any rows
  const begun = performance.now();
  let batch: Message[] = [];
  const flush = () => {
    if (batch.length > 0) sink.ingest({ lane: 'history', messages: batch });
    batch = [];
  };
  for (const message of phoneRows(rows)) {
    batch.push(message);
    if (batch.length === 500) flush();
  }
  flush();
  const took = performance.now() - begun;
  staging.db.pragma('wal_checkpoint(TRUNCATE)');
  staging.close();
  return took;
}
