import type { Chat } from '../../../src/domain/chat.ts';
import { isStatus, normalizeJid } from '../../../src/domain/jid.ts';
import type { Deletion } from '../../../src/domain/message.ts';
import type { Mutation, proto } from '../library/library.ts';
import { sliceRows } from './history.ts';
import { positive, seconds } from './wire.ts';

/** The rows of a read mark or a deletion on the phone. */
export interface SettingRows {
  settings?: Chat[];
  deletions?: Deletion[];
}

type Range = proto.SyncActionValue.ISyncActionMessageRange | null | undefined;

/** The last message that the phone knew in the chat, Unix seconds. */
const lastOf = (range: Range): number | undefined =>
  seconds(range?.lastMessageTimestamp) ?? seconds(range?.lastSystemMessageTimestamp);

/** A read mark counts up to its own last message: it may arrive late, after newer messages. */
function reading(action: proto.SyncActionValue.IMarkChatAsReadAction, atMs: number): Partial<Chat> {
  const at = Math.trunc(atMs / 1000);
  return action.read ? { readUpto: lastOf(action.messageRange) ?? at } : { unreadCount: 1, unreadAt: at };
}

/**
 * The rows of a read mark, of a cleared or deleted chat, and of a message deleted only for the owner; the library hands
 * over neither their time nor their range. Undefined for every other setting.
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

/** The rows of read marks and deletions in batches of store size, and the remaining settings. */
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
