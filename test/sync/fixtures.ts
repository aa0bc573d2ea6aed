import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { EventSink } from '../../bridges/bridge.ts';
import type { Message, MessageChange } from '../../src/domain/message.ts';
import { type Db, migrate, openWriter } from '../../src/store/sqlite/database.ts';
import { openStaging, type Staging } from '../../src/store/staging/staging.ts';
import { createIngest, type IngestOptions } from '../../src/sync/ingest.ts';
import { type TransferHooks, transfer } from '../../src/sync/transfer.ts';
import { blankMessage } from '../support/rows/blank-message.ts';

export const ada = { pn: '15550100001@s.whatsapp.net', lid: '20000000000001@lid' };
export const ben = { pn: '15550100002@s.whatsapp.net', lid: '20000000000002@lid' };
export const eve = { pn: '15550100003@s.whatsapp.net', lid: '20000000000003@lid' };
export const group = '120363000000000001@g.us';
export const me = { jid: '15550100000@s.whatsapp.net', lid: '20000000000000@lid' };
const firstTime = 1_700_000_000;

/** A plain text message; every field can be replaced. */
export function message(overrides: Partial<Message> = {}): Message {
  return {
    ...blankMessage,
    chatJid: ada.pn,
    id: 'A0',
    timestamp: firstTime,
    sender: ada.pn,
    fromMe: false,
    type: 'text',
    content: 'hello',
    raw: new Uint8Array([1, 2, 3]),
    ...overrides,
  };
}

/** `count` messages distributed over some chats, each chat's newest first, as a phone sends them. */
export function messages(count: number, chats: readonly string[] = [ada.pn, ben.pn, group]): Message[] {
  return Array.from({ length: count }, (_, index) => {
    const chatJid = chats[index % chats.length] as string;
    const sender = chatJid.endsWith('@g.us') ? eve.pn : chatJid;
    return message({
      chatJid,
      sender,
      id: `M${index}`,
      timestamp: firstTime + count - index,
      content: `text ${index}`,
    });
  });
}

export function change(overrides: Partial<MessageChange> = {}): MessageChange {
  return {
    chatJid: ada.pn,
    messageId: 'A0',
    kind: 'edit',
    actor: ada.pn,
    at: (firstTime + 60) * 1000,
    value: 'hello again',
    ...overrides,
  };
}

export interface Bed {
  folder: string;
  paths: { messages: string; staging: string; search: string; auth: string };
  db: Db;
  staging: Staging;
  sink: EventSink;
  /** Stages history rows, as one chunk when an id is given. */
  stage(rows: readonly Message[], chunkId?: string): void;
  run(lane?: 'history' | 'live', hooks?: TransferHooks): ReturnType<typeof transfer>;
  rows(sql: string, ...params: unknown[]): Record<string, unknown>[];
}

/** messages.db and staging.db in a temporary folder, closed and removed at the end of the test. */
export function openBed(options: Partial<IngestOptions> = {}): Bed {
  const folder = mkdtempSync(join(tmpdir(), 'sync-'));
  const paths = {
    messages: join(folder, 'messages.db'),
    staging: join(folder, 'staging.db'),
    search: join(folder, 'search.db'),
    auth: join(folder, 'auth.db'),
  };
  const db = openWriter(paths.messages);
  migrate(db);
  const staging = openStaging(paths.staging);
  const sink = createIngest(staging, { quietMs: 1000, ...options });
  onTestFinished(() => {
    db.close();
    staging.close();
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    folder,
    paths,
    db,
    staging,
    sink,
    stage: (rows, chunkId) => stageRows(sink, rows, chunkId),
    run: (lane = 'history', hooks = {}) => transfer(db, paths.staging, lane, hooks),
    rows: (sql, ...params) => db.prepare(sql).all(...params) as Record<string, unknown>[],
  };
}

export function stageRows(sink: EventSink, rows: readonly Message[], chunkId?: string): void {
  if (chunkId !== undefined) announce(sink, chunkId);
  for (let from = 0; from < rows.length; from += 500) {
    const slice = rows.slice(from, from + 500);
    sink.ingest({ lane: 'history', messages: slice, ...(chunkId === undefined ? {} : { chunkId }) });
  }
  if (chunkId !== undefined) sink.chunkStored(chunkId);
}

export function announce(sink: EventSink, id: string, progress = 100): void {
  sink.announceChunk({ id, syncType: 'full', progress, chunkOrder: 1 }, new Uint8Array([1]));
}
