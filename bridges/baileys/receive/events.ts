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

/** WebMessageInfo.Status of what others sent, once the account has read or played it on another device. */
const readStates = new Map([4, 5].map((status) => [status, deliveryOf(status)]));

/** Delivery state of own messages, what was read of others on the phone, and stars. Edits and revokes come as messages of their own. */
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

/** While the library buffers, what was read on the phone is merged into the message itself. */
const readMeanwhile = (messages: readonly WAMessage[]): Updates =>
  messages.flatMap(({ key, status }) =>
    !key.fromMe && status && readStates.has(status) ? [{ key, update: { status } }] : [],
  );

/** Both addresses of members, where they are told. */
const pairsOfMembers = (groups: readonly { participants?: readonly WireMember[] }[]): LidPair[] =>
  groups
    .flatMap(({ participants = [] }) => participants.map(({ id, phoneNumber, lid }) => lidPair(id, phoneNumber ?? lid)))
    .filter(present);

/** Everything of one flush that is no message. */
function rowsBeside(events: SocketEvents, me: Me, nowMs: number): Omit<IngestBatch, 'lane' | 'messages'> {
  const made = events['groups.upsert'] ?? [];
  const moved = events['group-participants.update'];
  const changed = (events['groups.update'] ?? []).map((group) => chatOfGroup(group, nowMs)).filter(present);
  // Nobody writes in a community itself, so waiting for its chat would be for ever; and no list of chats shows it.
  const communities = changed.filter(({ kind }) => kind === 'community');
  const chats = [
    ...(events['chats.upsert'] ?? []).map(chatOfConversation),
    ...made.map((group) => chatOfGroup(group, nowMs)),
    ...communities,
  ].filter(present);
  const listed = (events['groups.update'] ?? []).filter(({ participants }) => participants);
  // The library keeps the first of several changes of a group, but the last of a chat: so the chat has the last word.
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
 * While the library buffers, an edit or revoke that follows its message is merged into it: the original text and time
 * are gone. The merged forms do not exist on the wire, so they can be told from real ones.
 */
function wasMerged(message: WAMessage): boolean {
  const edited = message.message?.editedMessage?.message;
  if (edited) return !unwrap(edited).message.protocolMessage;
  return message.message === null && message.messageStubType === 1;
}

/**
 * The message of a merged one. A revoke gives it its own key in merging: then the message that it takes back is meant,
 * whose id only the revoke still knows.
 */
function keyBeforeMerge({ key }: WAMessage, whole: readonly WAMessage[]): WAMessage['key'] {
  const revoke = whole.find((message) => message.key.id === key.id);
  const { id, participant } = unwrap(revoke?.message ?? {}).message.protocolMessage?.key ?? {};
  return id ? { ...key, id, ...(participant && { participant }) } : key;
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
  const gaps = context.gaps.look(messages, context.now);
  const extras = { ...rowsBeside(events, context.me, context.now), ...(gaps.length > 0 && { gaps }) };
  const whole = messages.filter((message) => !merged.includes(message));
  if (whole.length > 0 || Object.keys(extras).length > 0) receiver.receive(whole, extras);
  for (const message of merged) {
    const key = keyBeforeMerge(message, whole);
    replay
      .original(key)
      .then((original) => receiver.receive([original ?? { ...message, key }]))
      .catch(context.onFailure);
  }
}
