import type { Chat } from '../../../src/domain/chat.ts';
import { isStatus, normalizeJid } from '../../../src/domain/jid.ts';
import type { Deletion } from '../../../src/domain/message.ts';
import type { Mutation, proto } from '../library/library.ts';
import { sliceRows } from './history.ts';
import { positive, seconds } from './wire.ts';

/** What a setting of the phone says about reading and deleting. */
export interface SettingRows {
  settings?: Chat[];
  deletions?: Deletion[];
}

type Range = proto.SyncActionValue.ISyncActionMessageRange | null | undefined;

/** The last message that the phone knew in the chat, in seconds. */
const lastOf = (range: Range): number | undefined =>
  seconds(range?.lastMessageTimestamp) ?? seconds(range?.lastSystemMessageTimestamp);

/** Up to its own last message a chat was read: news may reach us much later, and other messages before it. */
function reading(action: proto.SyncActionValue.IMarkChatAsReadAction, atMs: number): Partial<Chat> {
  const at = Math.trunc(atMs / 1000);
  return action.read ? { readUpto: lastOf(action.messageRange) ?? at } : { unreadCount: 1, unreadAt: at };
}

/**
 * The rows of a read mark, of a chat that was cleared or deleted, and of a message that was deleted for the owner alone.
 * The library hands over neither when these were done nor how far they reach. Undefined for every other setting.
 */
function rowsOfSetting({ syncAction, index }: Mutation, nowMs: number): SettingRows | undefined {
  const [type, address, messageId] = index;
  const { timestamp, markChatAsReadAction: mark, clearChatAction, deleteChatAction } = syncAction.value ?? {};
  const isDeletion = type === 'deleteMessageForMe';
  const cleared = type === 'clearChat' || type === 'deleteChat';
  if (!mark && !cleared && !isDeletion) return undefined;
  const jid = normalizeJid(address);
  if (jid === undefined || isStatus(jid)) return {};
  const at = positive(timestamp) ?? nowMs;
  if (isDeletion) return messageId ? { deletions: [{ chatJid: jid, messageId, at }] } : {};
  if (mark) return { settings: [{ jid, ...reading(mark, at) }] };
  const clearedAt = Math.trunc(at / 1000);
  const readUpto = lastOf((clearChatAction ?? deleteChatAction)?.messageRange) ?? clearedAt;
  return { settings: [{ jid, clearedAt, readUpto }] };
}

/** The rows of all such settings, in batches that the store takes at once, and the settings that are none of these. */
export function settingBatches(
  mutations: readonly Mutation[],
  nowMs: number,
): { batches: SettingRows[]; others: Mutation[] } {
  const read = mutations.map((mutation) => ({ mutation, rows: rowsOfSetting(mutation, nowMs) }));
  const settings = read.flatMap(({ rows }) => rows?.settings ?? []);
  const deletions = read.flatMap(({ rows }) => rows?.deletions ?? []);
  const batches: SettingRows[] = [];
  for (let start = 0; start < Math.max(settings.length, deletions.length); start += sliceRows) {
    const end = start + sliceRows;
    batches.push({ settings: settings.slice(start, end), deletions: deletions.slice(start, end) });
  }
  return { batches, others: read.flatMap(({ mutation, rows }) => (rows ? [] : [mutation])) };
}
