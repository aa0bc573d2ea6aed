import { processHistoryMessage, proto } from '@whiskeysockets/baileys';
import { describe, expect, test } from 'vitest';
import { createWorld, defaultWorld } from '../../../src/simulator/world/default.ts';
import { onDemandPage } from '../../../src/simulator/world/on-demand.ts';
import type { World } from '../../../src/simulator/world/world.ts';

const {
  COMPLETE_ON_DEMAND_SYNC_BUT_MORE_MSG_REMAIN_ON_PRIMARY: more,
  COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY: end,
} = proto.Conversation.EndOfHistoryTransferType;
const world = createWorld(defaultWorld);
const business = world.chats.find(({ jid }) => jid === '1234567890@s.whatsapp.net')!;
const ids = (rows: Iterable<proto.IWebMessageInfo>): string[] => [...rows].map(({ key }) => key!.id!);
const pageOf = (from: World, jid: string, before: string, count: number) => {
  const conversation = onDemandPage(from, jid, before, count)!.conversations![0]!;
  return { conversation, ids: ids(conversation.messages!.map(({ message }) => message!)) };
};

describe('an on-demand page', () => {
  test('leads page by page from the end of the first sync to the oldest message', () => {
    const older = ids(business.olderMessages!());
    const found: string[] = [];
    let before = ids(business.messages()).at(-1)!;
    for (let page = 0; page < 100; page++) {
      const answer = pageOf(world, business.jid, before, 50);
      found.push(...answer.ids);
      const left = older.length - found.length;
      expect(answer.conversation.endOfHistoryTransferType).toBe(left ? more : end);
      if (!left) break;
      expect(answer.ids.length).toBe(50);
      before = found.at(-1)!;
    }
    expect(found).toEqual(older);
    expect(pageOf(world, business.jid, found.at(-1)!, 50).ids).toEqual([]);
  });

  test('returns messages of the first sync again when requested from the middle', () => {
    const known = ids(business.messages());
    expect(pageOf(world, business.jid, known[2]!, 3).ids).toEqual(known.slice(3, 6));
  });

  test('is understood by Baileys as history on demand', () => {
    const answer = onDemandPage(world, business.jid, ids(business.messages()).at(-1)!, 10)!;
    const decoded = processHistoryMessage(proto.HistorySync.decode(proto.HistorySync.encode(answer).finish()));
    expect(decoded.syncType).toBe(proto.HistorySync.HistorySyncType.ON_DEMAND);
    expect(decoded.messages.length).toBe(10);
  });

  test('answers for either address of a chat', () => {
    const chat = world.chats.find(({ jid, conversation }) => jid.endsWith('@lid') && conversation.pnJid)!;
    const before = ids(chat.messages())[0]!;
    expect(pageOf(world, chat.conversation.pnJid!, before, 5)).toEqual(pageOf(world, chat.jid, before, 5));
  });

  test('is undefined for a chat or message that the phone does not have', () => {
    const foreign = ids(world.chats[0]!.messages())[0]!;
    expect(onDemandPage(world, '15550199999@s.whatsapp.net', foreign, 5)).toBeUndefined();
    expect(onDemandPage(world, business.jid, foreign, 5)).toBeUndefined();
    expect(onDemandPage(world, business.jid, '', 5)).toBeUndefined();
  });

  test('works for a chat that only supports iteration', () => {
    const { slice: _slice, rowOf: _rowOf, ...walked } = business;
    const poor: World = { ...world, chats: [walked] };
    const before = ids(business.messages()).at(-2)!;
    expect(pageOf(poor, business.jid, before, 7)).toEqual(pageOf(world, business.jid, before, 7));
    expect(onDemandPage(poor, business.jid, 'none', 5)).toBeUndefined();
  });
});
