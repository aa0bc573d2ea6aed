import { proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import {
  type HistoryFault,
  HistoryFaults,
  historyFaults,
  type SentChunk,
} from '../../../src/simulator/faults/history.ts';
import type { ChunkPlan } from '../../../src/simulator/world/plan.ts';

const { FULL } = proto.HistorySync.HistorySyncType;

const pair = (order: number) => ({ pnJid: `1555010000${order}@s.whatsapp.net`, lidJid: `2000000000000${order}@lid` });

function part(chunkOrder: number): ChunkPlan {
  const head = { syncType: FULL, chunkOrder, progress: chunkOrder * 25 };
  const content = { conversations: [{ id: `chat ${chunkOrder}` }], phoneNumberToLidMappings: [pair(chunkOrder)] };
  return { ...head, delivery: 'blob', build: () => ({ ...head, ...content }) };
}

const plan = [1, 2, 3, 4].map(part);

function sent(fault: HistoryFault, options: { times?: number; skip?: number } = {}): SentChunk[] {
  const faults = new HistoryFaults();
  faults.plan(fault, options.times ?? 1, options.skip ?? 1);
  return [...faults.inject(plan)];
}

const orders = (chunks: readonly SentChunk[]) => chunks.map(({ chunkOrder }) => chunkOrder);
const chats = (chunks: readonly SentChunk[]) =>
  chunks.map((chunk) =>
    chunk
      .build()
      .conversations?.map(({ id }) => id?.slice(5))
      .join('+'),
  );
const mappings = (chunks: readonly SentChunk[]) =>
  chunks.map((chunk) => chunk.build().phoneNumberToLidMappings?.length);

describe('a history with faults', () => {
  it.each<[HistoryFault, number[]]>([
    ['drop', [1, 3, 4]],
    ['delay', [1, 2, 3, 4]],
    ['duplicate', [1, 2, 2, 3, 4]],
    ['merge', [1, 3, 4]],
    ['reorder', [1, 3, 2, 4]],
    ['missing', [1, 2, 3, 4]],
    ['corrupt', [1, 2, 3, 4]],
    ['late_mappings', [1, 2, 3, 4]],
  ])('is sent with a %s part as %j', (fault, expected) => {
    expect(orders(sent(fault))).toEqual(expected);
  });

  it('has a test for each fault', () => {
    expect(historyFaults).toHaveLength(8);
  });

  it('carries the content of both parts where two are merged', () => {
    expect(chats(sent('merge'))).toEqual(['1', '2+3', '4']);
    expect(mappings(sent('merge'))).toEqual([1, 2, 1]);
  });

  it('has no address pairs before the last part where they are late', () => {
    expect(mappings(sent('late_mappings'))).toEqual([1, 0, 0, 3]);
    expect(sent('late_mappings').at(-1)?.build().phoneNumberToLidMappings).toEqual([4, 2, 3].map(pair));
  });

  it('marks a part that is delayed, or whose file is missing or damaged', () => {
    expect(sent('delay')[1]?.delayMs).toBeGreaterThan(0);
    expect(sent('missing').map(({ broken }) => broken)).toEqual([undefined, 'missing', undefined, undefined]);
    expect(sent('corrupt')[1]?.broken).toBe('corrupt');
  });

  it('affects the planned number of parts in a row, and is whole afterwards', () => {
    expect(orders(sent('drop', { times: 3, skip: 0 }))).toEqual([4]);
    expect(orders(sent('drop', { skip: 9 }))).toEqual([1, 2, 3, 4]);
    expect(orders(sent('merge', { skip: 3 }))).toEqual([1, 2, 3, 4]);
  });
});
