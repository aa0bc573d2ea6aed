import { createHash } from 'node:crypto';
import { processHistoryMessage, proto, toNumber, type WAMessage } from '@whiskeysockets/baileys';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWorld, defaultWorld } from '../../../src/simulator/world/default.ts';
import { planHistory } from '../../../src/simulator/world/history.ts';
import type { ChunkPlan } from '../../../src/simulator/world/plan.ts';
import type { World } from '../../../src/simulator/world/world.ts';
import { allRows, encode, isStatus } from './rows.ts';

const { HistorySyncType } = proto.HistorySync;
const types = Object.values(HistorySyncType).filter((type) => typeof type === 'number');
const onTheWire = (chunk: ChunkPlan): Uint8Array => proto.HistorySync.encode(chunk.build()).finish();
const fingerprint = (info: proto.IWebMessageInfo): string => createHash('sha1').update(encode(info)).digest('base64');

function rowsOf(chunk: proto.IHistorySync): proto.IWebMessageInfo[] {
  const inChats = chunk.conversations?.flatMap(({ messages }) => messages!.map(({ message }) => message!)) ?? [];
  return [...inChats, ...(chunk.statusV3Messages ?? [])];
}

/** Invariants of any plan for any world. */
function check(world: World, plan: ChunkPlan[]): void {
  const ids = plan.flatMap((chunk) => rowsOf(chunk.build()).map(({ key }) => key!.id!));
  expect(ids.length).toBe(new Set(ids).size);
  expect(new Set(ids)).toEqual(new Set([...allRows(world)].map(({ info }) => info.key!.id!)));
  for (const type of types.filter((one) => one !== HistorySyncType.ON_DEMAND)) {
    const chunks = plan.filter((chunk) => chunk.syncType === type);
    expect(chunks.map((chunk) => chunk.chunkOrder)).toEqual(chunks.map((_, index) => index + 1));
    const progress = chunks.map((chunk) => chunk.progress);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.filter((percent) => percent === 100)).toEqual([progress.at(-1)]);
  }
  for (const chunk of plan) {
    const built = chunk.build();
    expect(built).toMatchObject({ syncType: chunk.syncType, chunkOrder: chunk.chunkOrder, progress: chunk.progress });
    expect(rowsOf(built).length).toBeLessThanOrEqual(5000);
  }
}

describe('the default world', () => {
  const world = createWorld(defaultWorld);
  const plan = [...planHistory(world)];
  const of = (type: proto.HistorySync.HistorySyncType) => plan.filter((chunk) => chunk.syncType === type);

  test('consists of some twenty chunks, the quick ones inline and the full history as files', () => {
    check(world, plan);
    expect(plan.length).toBeGreaterThanOrEqual(15);
    expect(plan.length).toBeLessThanOrEqual(25);
    expect(plan[0]).toMatchObject({ syncType: HistorySyncType.INITIAL_BOOTSTRAP, delivery: 'inline' });
    expect(new Set(of(HistorySyncType.RECENT).map((chunk) => chunk.delivery))).toEqual(new Set(['inline', 'blob']));
    expect(new Set(of(HistorySyncType.FULL).map((chunk) => chunk.delivery))).toEqual(new Set(['blob']));
    expect(of(HistorySyncType.FULL).length).toBeGreaterThanOrEqual(10);
  });

  test('reaches a client of Baileys as the same messages, each once', () => {
    const received: WAMessage[] = [];
    for (const chunk of plan) {
      const decoded = proto.HistorySync.decode(onTheWire(chunk));
      const status = decoded.statusV3Messages.map((message) => message as WAMessage);
      const result = processHistoryMessage(decoded);
      expect(result).toMatchObject({ syncType: chunk.syncType, progress: chunk.progress });
      received.push(...result.messages, ...status);
    }
    const sent = [...allRows(world)].map(({ info }) => fingerprint(info));
    expect(received.map(fingerprint).sort()).toEqual(sent.sort());
  });

  test('a chunk that is built again is the same bytes', () => {
    for (const chunk of plan.slice(0, 8)) expect(Buffer.compare(onTheWire(chunk), onTheWire(chunk))).toBe(0);
  });

  test('messages stand newest first in a conversation, and chunks of a chat go further back', () => {
    const oldest = new Map<string, number>();
    for (const { id, messages } of plan.flatMap((chunk) => chunk.build().conversations ?? [])) {
      for (const { message } of messages!) {
        const time = toNumber(message!.messageTimestamp!);
        expect(time).toBeLessThan(oldest.get(id!) ?? Number.POSITIVE_INFINITY);
        oldest.set(id!, time);
      }
    }
    expect(oldest.size).toBe(world.figures.chats);
  });

  test("the bootstrap shows every chat; only a chat's oldest message marks its end", () => {
    const chats = world.chats.filter((chat) => !isStatus(chat));
    const first = plan[0]!.build().conversations!;
    expect(first.map(({ id }) => id)).toEqual(chats.map(({ jid }) => jid));
    expect(first.filter(({ endOfHistoryTransferType }) => endOfHistoryTransferType != null).length).toBe(1);
    const ends = plan.flatMap((chunk) => chunk.build().conversations ?? []);
    const ended = ends.filter(({ endOfHistoryTransferType }) => endOfHistoryTransferType != null).map(({ id }) => id);
    expect(ended.sort()).toEqual(chats.map(({ jid }) => jid).sort());
  });

  test('a person with two addresses is mapped with each chat that contains them', () => {
    const both = world.people.filter(({ pn, lid }) => pn && lid);
    const mappings = plan[0]!.build().phoneNumberToLidMappings!;
    const seen = new Set(world.chats.flatMap(({ jid, participants }) => [jid, ...(participants ?? [])]));
    const expected = [world.me, ...both].filter(({ pn, lid }) => seen.has(pn!) || seen.has(lid!));
    expect(mappings).toEqual(expected.map(({ pn, lid }) => ({ pnJid: pn, lidJid: lid })));
    const last = plan.at(-1)!.build();
    const direct = last.conversations!.find(({ pnJid }) => pnJid)!;
    expect(last.phoneNumberToLidMappings).toContainEqual({ pnJid: direct.pnJid, lidJid: direct.id });
    expect(last.phoneNumberToLidMappings!.length).toBeLessThan(mappings.length);
  });

  test('everyone has a push name, under one of their addresses', () => {
    const names = of(HistorySyncType.PUSH_NAME)[0]!.build().pushnames!;
    expect(names.map(({ pushname }) => pushname)).toEqual(world.people.map(({ pushName }) => pushName));
    for (const [index, { id }] of names.entries()) {
      expect([world.people[index]!.pn, world.people[index]!.lid]).toContain(id);
    }
  });

  test('status posts come in their own chunk and in no conversation', () => {
    expect(of(HistorySyncType.INITIAL_STATUS_V3)[0]!.build().statusV3Messages!.length).toBeGreaterThan(5);
    expect(plan.flatMap((chunk) => chunk.build().conversations ?? []).some(({ id }) => id === 'status@broadcast')).toBe(
      false,
    );
  });
});

test('any world is planned completely, without a message twice', () => {
  const worlds = fc.record({
    seed: fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    messages: fc.integer({ min: 100, max: 1500 }),
  });
  fc.assert(
    fc.property(worlds, (options) => {
      const world = createWorld(options);
      check(world, [...planHistory(world)]);
    }),
    { numRuns: 15, seed: 20 },
  );
});

test('a world that only supports iteration is planned too', () => {
  const rich = createWorld({ seed: 5, messages: 300 });
  const chats = rich.chats.map(({ slice: _slice, rows: _rows, rowOf: _rowOf, ...chat }) => chat);
  const poor: World = { ...rich, chats };
  const plan = [...planHistory(poor)];
  check(poor, plan);
  const expected = [...planHistory(rich)].map((chunk) => Buffer.from(onTheWire(chunk)).toString('base64'));
  expect(plan.map((chunk) => Buffer.from(onTheWire(chunk)).toString('base64'))).toEqual(expected);
});

test('a world without chats still has every sync type, and its end', () => {
  const empty: World = { ...createWorld({ seed: 1, messages: 100 }), chats: [] };
  const plan = [...planHistory(empty)];
  check(empty, plan);
  expect(plan.at(-1)).toMatchObject({ syncType: HistorySyncType.FULL, progress: 100 });
});

test('a million messages are planned without holding one, in chunks of at most 5,000', () => {
  const world = createWorld({ seed: 1, messages: 1_000_000 });
  const before = process.memoryUsage().heapUsed;
  const plan = [...planHistory(world)];
  expect((process.memoryUsage().heapUsed - before) / 2 ** 20).toBeLessThan(20);
  expect(plan.length).toBeGreaterThan(200);
  let rows = 0;
  for (const chunk of plan.filter((_, index) => index % 40 === 10)) {
    const size = rowsOf(chunk.build()).length;
    expect(size).toBeGreaterThan(4000);
    expect(size).toBeLessThanOrEqual(5000);
    rows += size;
  }
  expect(rows).toBeGreaterThan(20_000);
});
