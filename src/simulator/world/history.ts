import { proto } from '@whiskeysockets/baileys';
import { conversationIn, mappingsFor, parcels, type Range } from './chunk.ts';
import type { ChunkPlan } from './plan.ts';
import type { World, WorldChat } from './world.ts';

const { INITIAL_BOOTSTRAP, INITIAL_STATUS_V3, FULL, RECENT, PUSH_NAME, NON_BLOCKING_DATA } =
  proto.HistorySync.HistorySyncType;

const largestChunk = 5000;
const recentChunks = 4;
const fullChunks = 14;

const isStatus = (chat: WorldChat): boolean => chat.jid === 'status@broadcast';

function rowCount(chat: WorldChat): number {
  if (chat.rows !== undefined) return chat.rows;
  let rows = 0;
  for (const _ of chat.messages()) rows++;
  return rows;
}

/** The only chunk of its type, sent inline. */
function extra(syncType: ChunkPlan['syncType'], build: () => proto.IHistorySync): ChunkPlan {
  const head = { syncType, chunkOrder: 1, progress: 100 };
  return { ...head, delivery: 'inline', build: () => ({ ...build(), ...head }) };
}

/** The first `inline` chunks are inside their notification, the others are files. */
function* chunksOf(
  world: World,
  syncType: ChunkPlan['syncType'],
  ranges: readonly Range[],
  pieces: number,
  inline: number,
): Generator<ChunkPlan> {
  const total = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  const size = Math.min(largestChunk, Math.max(1, Math.ceil(total / pieces)));
  let sent = 0;
  let chunkOrder = 0;
  for (const parcel of total ? parcels(ranges, size) : [[]]) {
    sent += parcel.reduce((sum, { from, to }) => sum + to - from, 0);
    const progress = sent === total ? 100 : Math.floor((sent / total) * 100);
    const head = { syncType, chunkOrder: ++chunkOrder, progress };
    const build = () => ({
      ...head,
      conversations: parcel.map(conversationIn),
      phoneNumberToLidMappings: mappingsFor(
        world,
        parcel.map(({ chat }) => chat),
      ),
    });
    yield { ...head, delivery: chunkOrder <= inline ? 'inline' : 'blob', build };
  }
}

const pushNames = (world: World): proto.IPushname[] =>
  world.people.map(({ pn, lid, pushName }, index) => ({ id: ((index % 2 && lid) || pn || lid)!, pushname: pushName }));

const settings = (): proto.IHistorySync => ({
  globalSettings: { securityNotifications: true, autoUnarchiveChats: false, disappearingModeDuration: 0 },
});

const statusMessages = (world: World): proto.IWebMessageInfo[] =>
  world.chats.filter(isStatus).flatMap((chat) => [...chat.messages()]);

/**
 * The history that the phone sends after linking, in the order it is sent: the newest rows of every chat (bootstrap),
 * then names, settings and status posts, then recent rows, then all the rest. The plan holds no messages: a chunk
 * generates them on each build, and each build gives the same ones.
 */
export function* planHistory(world: World): Generator<ChunkPlan> {
  const chats = world.chats.filter((chat) => !isStatus(chat)).map((chat) => ({ chat, rows: rowCount(chat) }));
  const cuts = chats.map(({ chat, rows }) => {
    const newest = Math.min(4, Math.floor(rows / 2));
    return { chat, rows, newest, recent: newest + Math.floor((rows - newest) * 0.15) };
  });
  const bootstrap = cuts.map(({ chat, rows, newest }) => ({ chat, rows, from: 0, to: newest }));
  yield extra(INITIAL_BOOTSTRAP, () => ({
    conversations: bootstrap.map(conversationIn),
    phoneNumberToLidMappings: mappingsFor(world, world.chats),
  }));
  yield extra(PUSH_NAME, () => ({ pushnames: pushNames(world) }));
  yield extra(NON_BLOCKING_DATA, settings);
  yield extra(INITIAL_STATUS_V3, () => ({ statusV3Messages: statusMessages(world) }));
  const recent = cuts.map(({ chat, rows, newest, recent: to }) => ({ chat, rows, from: newest, to }));
  yield* chunksOf(world, RECENT, recent, recentChunks, 2);
  const rest = cuts.map(({ chat, rows, recent: from }) => ({ chat, rows, from, to: rows }));
  yield* chunksOf(world, FULL, rest, fullChunks, 0);
}
