import type { LidPair } from '../../../src/domain/chat.ts';
import { lidPair } from '../../../src/domain/lid-pair.ts';
import type { MessageChange } from '../../../src/domain/message.ts';
import type { Me } from '../../../src/domain/own-account.ts';
import type { IngestBatch } from '../../bridge.ts';
import type { SocketEvents, WAMessage } from '../library/library.ts';
import { deliveryOf, receiptChange, receiptTime } from '../translate/change.ts';
import { chatOfConversation, chatOfGroup, chatOfUpdate } from '../translate/chat.ts';
import { contactOf } from '../translate/contact.ts';
import { chatOf } from '../translate/key.ts';
import { changedMembers, membersOfGroup, noticedMembers, type WireMember } from '../translate/member.ts';
import { unwrap } from '../translate/unwrap.ts';
import type { Receiver } from './receiver.ts';
import type { Replay } from './replay.ts';
import type { UndecryptableTracker } from './undecryptable.ts';

type Updates = NonNullable<SocketEvents['messages.update']>;
type Receipts = NonNullable<SocketEvents['message-receipt.update']>;

const present = <T>(value: T | undefined): value is T => value !== undefined;

/** WebMessageInfo.Status of received messages after the account read or played them on another device. */
const readStates = new Map([4, 5].map((status) => [status, deliveryOf(status)]));

/**
 * Delivery states of own messages, received messages read on the phone, and stars. Edits and revokes are separate
 * messages.
 */
function updateChanges(updates: Updates, me: Me, nowMs: number): MessageChange[] {
  return updates.flatMap(({ key, update }): MessageChange[] => {
    const chatJid = chatOf(key);
    if (!chatJid || !key.id) return [];
    const target = { chatJid, messageId: key.id };
    const state = key.fromMe ? deliveryOf(update.status) : readStates.get(update.status ?? 0);
    const actor = key.fromMe ? chatJid : me.pn;
    const star: MessageChange[] =
      typeof update.starred === 'boolean'
        ? [{ ...target, kind: 'star', actor: me.pn, at: nowMs, value: update.starred ? '1' : '0' }]
        : [];
    if (!state) return star;
    const at = receiptTime(update.messageTimestamp, state, nowMs);
    return [...star, { ...target, kind: 'receipt', actor, at, value: state }];
  });
}

function receiptChanges(receipts: Receipts, nowMs: number): MessageChange[] {
  return receipts
    .map(({ key, receipt }) => {
      const chatJid = chatOf(key);
      return chatJid && key.id ? receiptChange({ chatJid, messageId: key.id }, receipt, nowMs) : undefined;
    })
    .filter(present);
}

/** While the library buffers, it merges a "read" of the phone into the message itself. */
const readMeanwhile = (messages: readonly WAMessage[]): Updates =>
  messages.flatMap(({ key, status }) =>
    !key.fromMe && status && readStates.has(status) ? [{ key, update: { status } }] : [],
  );

/** Both addresses of members, where WhatsApp sends both. */
const pairsOfMembers = (groups: readonly { participants?: readonly WireMember[] }[]): LidPair[] =>
  groups
    .flatMap(({ participants = [] }) => participants.map(({ id, phoneNumber, lid }) => lidPair(id, phoneNumber ?? lid)))
    .filter(present);

/** All rows of one flush except messages. */
function extraRows(events: SocketEvents, me: Me, nowMs: number): Omit<IngestBatch, 'lane' | 'messages'> {
  const made = events['groups.upsert'] ?? [];
  const moved = events['group-participants.update'];
  const changed = (events['groups.update'] ?? []).map((group) => chatOfGroup(group, nowMs)).filter(present);
  // Communities themselves have no messages, so their chats would wait for ever; no list of chats shows them.
  const communities = changed.filter(({ kind }) => kind === 'community');
  const chats = [
    ...(events['chats.upsert'] ?? []).map(chatOfConversation),
    ...made.map((group) => chatOfGroup(group, nowMs)),
    ...communities,
  ].filter(present);
  const listed = (events['groups.update'] ?? []).filter(({ participants }) => participants);
  // The library keeps the first of several changes of a group, but the last of a chat: so the chat overrides the group.
  const settings = [
    ...changed.filter(({ kind }) => kind !== 'community'),
    ...(events['chats.update'] ?? []).map(chatOfUpdate),
  ].filter(present);
  const members = [
    ...[...made, ...listed].flatMap((group) => membersOfGroup(group, nowMs)),
    ...(moved ? changedMembers(moved, nowMs) : []),
    ...noticedMembers(events['messages.upsert']?.messages ?? []),
  ];
  const contacts = [...(events['contacts.upsert'] ?? []), ...(events['contacts.update'] ?? [])]
    .map(contactOf)
    .filter(present);
  const lidPairs = pairsOfMembers([...made, ...listed, ...(moved ? [moved] : [])]);
  const read = readMeanwhile(events['messages.upsert']?.messages ?? []);
  const changes = [
    ...updateChanges([...(events['messages.update'] ?? []), ...read], me, nowMs),
    ...receiptChanges(events['message-receipt.update'] ?? [], nowMs),
  ];
  return {
    ...(chats.length > 0 && { chats }),
    ...(settings.length > 0 && { settings }),
    ...(members.length > 0 && { members }),
    ...(lidPairs.length > 0 && { lidPairs }),
    ...(contacts.length > 0 && { contacts }),
    ...(changes.length > 0 && { changes }),
  };
}

/**
 * Whether the library merged an edit or revoke into its buffered message, which loses the original text and time. The
 * merged forms do not exist on the wire, so they can be distinguished.
 */
function wasMerged(message: WAMessage): boolean {
  const edited = message.message?.editedMessage?.message;
  if (edited) return !unwrap(edited).message.protocolMessage;
  return message.message === null && message.messageStubType === 1;
}

/**
 * The key of a merged message. A merged revoke has its own key; then the key of the revoked message comes from the
 * revoke.
 */
function keyBeforeMerge({ key }: WAMessage, whole: readonly WAMessage[]): WAMessage['key'] {
  const revoke = whole.find((message) => message.key.id === key.id);
  const { id, participant } = unwrap(revoke?.message ?? {}).message.protocolMessage?.key ?? {};
  return id ? { ...key, id, ...(participant && { participant }) } : key;
}

/**
 * Stores a message that was merged as it arrived, from the journal. What the journal does not have is lost to this device
 * and noted as a gap: the merged form tells of whoever changed the message as if that were its author. The edit or revoke
 * itself is a message of the same flush, and is decided when the message comes from elsewhere.
 */
async function receiveOriginal(
  key: WAMessage['key'],
  { receiver, replay, now }: { receiver: Receiver; replay: Replay; now: number },
): Promise<void> {
  const original = await replay.original(key);
  if (original) return receiver.receive([original]);
  const chatJid = chatOf(key);
  if (!chatJid || !key.id) return;
  receiver.receive([], { gaps: [{ chatJid, messageId: key.id, reason: 'unreadable', at: now, healed: false }] });
}

/** Hands one flush of the library's events to the receiver. Throws when the store does not take it. */
export function handleRows(
  events: SocketEvents,
  receiver: Receiver,
  replay: Replay,
  context: { me: Me; now: number; gaps: UndecryptableTracker; onFailure(error: unknown): void },
): void {
  const messages = events['messages.upsert']?.messages ?? [];
  const merged = messages.filter(wasMerged);
  const gaps = context.gaps.track(messages, context.now);
  const extras = { ...extraRows(events, context.me, context.now), ...(gaps.length > 0 && { gaps }) };
  const whole = messages.filter((message) => !merged.includes(message));
  if (whole.length > 0 || Object.keys(extras).length > 0) receiver.receive(whole, extras);
  for (const message of merged) {
    const key = keyBeforeMerge(message, whole);
    receiveOriginal(key, { receiver, replay, now: context.now }).catch(context.onFailure);
  }
}
