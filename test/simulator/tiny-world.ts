import { proto } from '@whiskeysockets/baileys';
import type { ChunkPlan } from '../../src/simulator/world/plan.ts';
import type { Person, World, WorldChat } from '../../src/simulator/world/world.ts';

const NOW = Date.UTC(2026, 10, 20, 12);

export const both: Person = { pn: '15550100001@s.whatsapp.net', lid: '20000000000001@lid', pushName: 'Avery Test' };
export const pnOnly: Person = { pn: '15550100002@s.whatsapp.net', pushName: 'Blake Test' };
export const lidOnly: Person = { lid: '20000000000003@lid', pushName: 'Casey Test' };
export const group = '120363000000000001@g.us';

function textMessage(chat: string, index: number): proto.IWebMessageInfo {
  return {
    key: { remoteJid: chat, fromMe: index % 2 === 0, id: `3EB0${chat.slice(0, 14)}${index}` },
    message: { conversation: `message ${index}` },
    messageTimestamp: NOW / 1000 - index,
  };
}

function chat(jid: string, count: number): WorldChat {
  return {
    jid,
    conversation: { name: `chat ${jid.slice(-8)}` },
    ...(jid.endsWith('@g.us') && { participants: [both.lid as string, lidOnly.lid as string] }),
    count,
    *messages() {
      for (let index = 0; index < count; index++) yield textMessage(jid, index);
    },
  };
}

/** Two direct chats and a group, with this many messages in each. */
export function tinyWorld(each = 3): World {
  const chats = [both.pn as string, pnOnly.pn as string, group].map((jid) => chat(jid, each));
  const count = each * chats.length;
  return {
    me: { pn: '15550100000@s.whatsapp.net', lid: '20000000000000@lid', name: 'Morgan Test' },
    now: NOW,
    people: [both, pnOnly, lidOnly],
    chats,
    figures: { messages: count, chats: chats.length, media: 0, text: count },
  };
}

const { HistorySyncType } = proto.HistorySync;

/** One chunk per chat: the first inline as bootstrap, the rest as full history in blobs; push names in between. */
export function* tinyPlan(world: World): Iterable<ChunkPlan> {
  yield {
    syncType: HistorySyncType.PUSH_NAME,
    chunkOrder: 1,
    progress: 100,
    delivery: 'inline',
    build: () => ({
      syncType: HistorySyncType.PUSH_NAME,
      pushnames: world.people.map(({ pn, lid, pushName }) => ({ id: pn ?? lid ?? null, pushname: pushName })),
    }),
  };
  for (const [index, source] of world.chats.entries()) {
    const first = index === 0;
    const syncType = first ? HistorySyncType.INITIAL_BOOTSTRAP : HistorySyncType.FULL;
    const progress = first ? 100 : Math.round((100 * index) / (world.chats.length - 1));
    yield {
      syncType,
      chunkOrder: index + 1,
      progress,
      delivery: first ? 'inline' : 'blob',
      build: () => ({
        syncType,
        chunkOrder: index + 1,
        progress,
        conversations: [
          { ...source.conversation, id: source.jid, messages: [...source.messages()].map((message) => ({ message })) },
        ],
      }),
    };
  }
}
