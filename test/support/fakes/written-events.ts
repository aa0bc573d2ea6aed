import { EventEmitter, once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { atEnd } from '../at-end.ts';
import type { StartedWaBridge } from '../wire/wa-bridge.ts';

/** A write of wa-bridge that added messages. */
export interface Insert {
  /** When the event arrived, as `performance.now()`. */
  at: number;
  /** Measured by wa-bridge: from the request to write, including the wait for the lock, to the commit. */
  ms: number;
  messages: number;
}

export interface Inserts {
  /** All since the stream began, in order. */
  all: readonly Insert[];
  /** Resolves once this many messages were inserted; rejects when wa-bridge ended the stream. */
  until(messages: number): Promise<void>;
}

/** Listens to wa-bridge's write events until the end of the test. */
export async function listenToInserts(bridge: Pick<StartedWaBridge, 'fetch'>): Promise<Inserts> {
  const ending = new AbortController();
  atEnd(() => ending.abort());
  const { body } = await bridge.fetch('/v1/events', { signal: ending.signal });
  const all: Insert[] = [];
  const news = new EventEmitter();
  let total = 0;
  let broken = false;
  const fail = () => {
    broken = true;
    news.emit('news');
  };
  let event = '';
  createInterface({ input: Readable.fromWeb(body as ReadableStream).on('error', fail) })
    .on('error', fail)
    .on('close', fail)
    .on('line', (line) => {
      const [, field, value = ''] = /^(event|data): (.*)$/.exec(line) ?? [];
      if (field === 'event') event = value;
      if (field !== 'data' || event !== 'written') return;
      const { inserted, ms } = JSON.parse(value) as { inserted: number; ms: number };
      if (inserted > 0) all.push({ at: performance.now(), ms, messages: inserted });
      total += inserted;
      news.emit('news');
    });
  return {
    all,
    until: async (messages) => {
      while (total < messages && !broken) await once(news, 'news');
      if (broken) throw new Error('wa-bridge ended the stream of its events');
    },
  };
}
