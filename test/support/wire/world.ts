import { proto } from '@whiskeysockets/baileys';
import type { ChunkPlan } from '../../../src/simulator/world/plan.ts';
import type { World, WorldChat } from '../../../src/simulator/world/world.ts';
import { cast } from '../storm/interleave.ts';

const { HistorySyncType } = proto.HistorySync;

/** The people and groups of the stories, without messages; the account is a member of every group. */
export function wireWorld(): World {
  const { me, pairs, groups } = cast;
  const chats = groups.map(
    (jid, n): WorldChat => ({
      jid,
      conversation: { name: `Group ${n}` },
      participants: [me.lid],
      count: 0,
      messages: () => [],
    }),
  );
  return {
    me: { pn: me.jid, lid: me.lid, name: 'Morgan Test' },
    now: Date.UTC(2025, 9, 9),
    people: pairs.map((pair, n) => ({ ...pair, pushName: `Person ${n}` })),
    chats,
    figures: { messages: 0, chats: 0, media: 0, text: 0 },
  };
}

const part = (syncType: proto.HistorySync.HistorySyncType, conversations: proto.IConversation[] = []): ChunkPlan => ({
  ...{ syncType, chunkOrder: 1, progress: 100, delivery: 'inline' },
  build: () => ({ syncType, chunkOrder: 1, progress: 100, conversations }),
});

/** The history of an account without messages: complete at once. */
export const emptyPlan = (): ChunkPlan[] => [part(HistorySyncType.INITIAL_BOOTSTRAP), part(HistorySyncType.FULL)];

/** Older messages as the phone sends them, after the rest of its history. */
export const historyPart = (conversations: proto.IConversation[]): ChunkPlan =>
  part(HistorySyncType.FULL, conversations);
