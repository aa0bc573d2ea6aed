import type { proto } from '@whiskeysockets/baileys';
import type { World, WorldChat } from './world.ts';

/** Rows from…to of one chat, counted from the newest. */
export interface Range {
  chat: WorldChat;
  from: number;
  to: number;
  /** Rows of the chat in the first sync. */
  rows: number;
}

/** Iterates over the rows of a range, without generating others where the chat supports it. */
export function* rowsIn(chat: WorldChat, from: number, to: number): Generator<proto.IWebMessageInfo> {
  if (chat.slice) return yield* chat.slice(from, to);
  let row = 0;
  for (const part of [chat.messages(), chat.olderMessages?.() ?? []]) {
    for (const message of part) {
      if (row >= to) return;
      if (row++ >= from) yield message;
    }
  }
}

/** Cuts ranges into parcels of at most `size` rows, in order, splitting a chat where a parcel is full. */
export function* parcels(ranges: readonly Range[], size: number): Generator<Range[]> {
  let parcel: Range[] = [];
  let room = size;
  for (const range of ranges) {
    for (let from = range.from; from < range.to; ) {
      const to = Math.min(range.to, from + room);
      parcel.push({ ...range, from, to });
      room -= to - from;
      from = to;
      if (room > 0) continue;
      yield parcel;
      parcel = [];
      room = size;
    }
  }
  if (parcel.length) yield parcel;
}

/** The conversation of a range, its messages newest first; only its last row marks the chat as complete. */
export function conversationIn(range: Range): proto.IConversation {
  const { endOfHistoryTransferType, ...fields } = range.chat.conversation;
  const messages: proto.IHistorySyncMsg[] = [];
  let row = range.from;
  for (const message of rowsIn(range.chat, range.from, range.to)) {
    messages.push({ message, msgOrderId: range.rows - row++ });
  }
  const last = range.to >= range.rows && endOfHistoryTransferType != null;
  return { ...fields, id: range.chat.jid, messages, ...(last ? { endOfHistoryTransferType } : {}) };
}

/** Both addresses of every person in these chats with two known addresses. */
export function mappingsFor(world: World, chats: Iterable<WorldChat>): proto.IPhoneNumberToLIDMapping[] {
  const addresses = new Set<string>();
  for (const chat of chats) for (const jid of [chat.jid, ...(chat.participants ?? [])]) addresses.add(jid);
  const known = [world.me, ...world.people].filter(
    ({ pn, lid }) => pn && lid && (addresses.has(pn) || addresses.has(lid)),
  );
  return known.map(({ pn, lid }) => ({ pnJid: pn!, lidJid: lid! }));
}
