import { proto } from '@whiskeysockets/baileys';
import { mappingsFor, rowsIn } from './chunk.ts';
import type { World, WorldChat } from './world.ts';

const { COMPLETE_ON_DEMAND_SYNC_BUT_MORE_MSG_REMAIN_ON_PRIMARY, COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY } =
  proto.Conversation.EndOfHistoryTransferType;

function rowOf(chat: WorldChat, id: string): number | undefined {
  if (chat.rowOf) return chat.rowOf(id);
  let row = 0;
  for (const message of rowsIn(chat, 0, Number.POSITIVE_INFINITY)) {
    if (message.key?.id === id) return row;
    row++;
  }
  return undefined;
}

const isIn = (chat: WorldChat, jid: string): boolean =>
  chat.jid === jid || chat.conversation.pnJid === jid || chat.conversation.lidJid === jid;

/**
 * The phone's answer to a request for `count` messages of a chat that are older than the message `beforeId`, newest
 * first; the chat under any of its addresses. Undefined when the phone does not have the chat or message: it then sends
 * no answer.
 */
export function onDemandPage(
  world: World,
  chatJid: string,
  beforeId: string,
  count: number,
): proto.IHistorySync | undefined {
  const chat = world.chats.find((candidate) => isIn(candidate, chatJid));
  const row = chat && rowOf(chat, beforeId);
  if (!chat || row === undefined) return undefined;
  const page = [...rowsIn(chat, row + 1, row + 2 + count)];
  const messages = page.slice(0, count).map((message) => ({ message }));
  const endOfHistoryTransferType =
    page.length > count
      ? COMPLETE_ON_DEMAND_SYNC_BUT_MORE_MSG_REMAIN_ON_PRIMARY
      : COMPLETE_AND_NO_MORE_MESSAGE_REMAIN_ON_PRIMARY;
  return {
    syncType: proto.HistorySync.HistorySyncType.ON_DEMAND,
    progress: 100,
    conversations: [{ ...chat.conversation, id: chat.jid, messages, endOfHistoryTransferType }],
    phoneNumberToLidMappings: mappingsFor(world, [chat]),
  };
}
