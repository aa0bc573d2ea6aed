import { createHash } from 'node:crypto';
import { normalizeJid } from '../../../src/domain/jid.ts';
import type { MessageChange } from '../../../src/domain/message.ts';
import type { Me } from '../../../src/domain/own-account.ts';
import type { DeliveryState } from '../../../src/domain/states.ts';
import type { proto } from '../library/library.ts';
import { readContent } from './content.ts';
import { authorOf, chatOf } from './key.ts';
import { unwrap, visibleField } from './unwrap.ts';
import { positive, text, type WireNumber } from './wire.ts';

/** proto.Message.ProtocolMessage.Type: the two kinds that change a message. */
const protocolTypes = { revoke: 0, edit: 14 };

/** WebMessageInfo.Status as our delivery state. */
const deliveries: readonly DeliveryState[] = ['failed', 'queued', 'server', 'delivered', 'read', 'played'];
export const deliveryOf = (status: number | null | undefined): DeliveryState | undefined => deliveries[status ?? -1];

/**
 * The time of a receipt's state, ms. Receipts count in seconds, so a message can be delivered and read in the same one:
 * the later state gets the later millisecond.
 */
export const receiptTime = (told: WireNumber, state: DeliveryState, fallbackMs: number): number => {
  const second = positive(told);
  return second === undefined ? fallbackMs : second * 1000 + deliveries.indexOf(state);
};

/** The visible text of a wire message: text or caption. */
export function visibleText(message: proto.IMessage): string {
  const inner = unwrap(message).message;
  const field = visibleField(inner);
  return field === undefined ? '' : (readContent(field, inner[field as keyof proto.IMessage]).content ?? '');
}

/** The furthest delivery state of one recipient. */
export function receiptChange(
  target: Pick<MessageChange, 'chatJid' | 'messageId'>,
  receipt: proto.IUserReceipt,
  fallbackMs: number,
): MessageChange | undefined {
  const actor = normalizeJid(receipt.userJid);
  const states: [DeliveryState, WireNumber][] = [
    ['played', receipt.playedTimestamp],
    ['read', receipt.readTimestamp],
    ['delivered', receipt.receiptTimestamp],
  ];
  const reached = states.find(([, at]) => positive(at) !== undefined);
  if (!actor || !reached) return undefined;
  return { ...target, kind: 'receipt', actor, at: receiptTime(reached[1], reached[0], fallbackMs), value: reached[0] };
}

/** Names of the chosen options; a hash that fits no option is left out. */
export function chosenOptions(names: readonly string[], hashes: readonly Uint8Array[]): string[] {
  const chosen = new Set(hashes.map((hash) => Buffer.from(hash).toString('hex')));
  return names.filter((name) => chosen.has(createHash('sha256').update(name).digest('hex')));
}

const skewMs = 120_000;
const secondMs = 1000;

/**
 * When an edit was made, in milliseconds: as its author says, to order edits of one second, but no more than two minutes
 * before the server had it. Otherwise an author could edit a message long after the time that phones allow.
 */
export function editTime(claimed: number | undefined, sentAt: number): number {
  return Math.min(Math.max(claimed ?? sentAt, sentAt - skewMs), sentAt + secondMs - 1);
}

/** The change that the message makes to another one: edit, revoke, reaction. */
function sentChange(info: proto.IWebMessageInfo, chatJid: string, me: Me, nowMs: number): MessageChange | undefined {
  const inner = unwrap(info.message ?? {}).message;
  const actor = info.key && authorOf(info.key, me, info.participant);
  if (!actor) return undefined;
  const sentAt = (positive(info.messageTimestamp) ?? 0) * 1000 || nowMs;
  const { protocolMessage: protocol, reactionMessage: reaction } = inner;
  const targetId = text(protocol?.key?.id) ?? text(reaction?.key?.id);
  if (targetId === undefined) return undefined;
  const change = { chatJid, messageId: targetId, actor };
  if (reaction) {
    const at = positive(reaction.senderTimestampMs) ?? sentAt;
    return { ...change, kind: 'reaction', at, value: reaction.text ?? '' };
  }
  if (protocol?.type === protocolTypes.revoke) return { ...change, kind: 'revoke', at: sentAt, value: '' };
  if (protocol?.type === protocolTypes.edit && protocol.editedMessage) {
    const at = editTime(positive(protocol.timestampMs), sentAt);
    return { ...change, kind: 'edit', at, value: visibleText(protocol.editedMessage) };
  }
  return undefined;
}

/** Changes that history attaches to a message: reactions, receipts, votes that the phone decrypted. */
function attachedChanges(info: proto.IWebMessageInfo, chatJid: string, me: Me, nowMs: number): MessageChange[] {
  const messageId = text(info.key?.id);
  if (messageId === undefined) return [];
  const target = { chatJid, messageId };
  const fallback = (positive(info.messageTimestamp) ?? 0) * 1000 || nowMs;
  const reactions = (info.reactions ?? []).map((reaction): MessageChange | undefined => {
    const actor = reaction.key && authorOf({ ...reaction.key, remoteJid: chatJid }, me);
    const at = positive(reaction.senderTimestampMs) ?? fallback;
    return actor ? { ...target, kind: 'reaction', actor, at, value: reaction.text ?? '' } : undefined;
  });
  const receipts = (info.userReceipt ?? []).map((receipt) => receiptChange(target, receipt, fallback));
  const inner = unwrap(info.message ?? {}).message;
  const field = visibleField(inner);
  const poll = field && readContent(field, inner[field as keyof proto.IMessage]).details?.poll;
  const votes = !poll
    ? []
    : (info.pollUpdates ?? []).map((update): MessageChange | undefined => {
        const actor =
          update.pollUpdateMessageKey && authorOf({ ...update.pollUpdateMessageKey, remoteJid: chatJid }, me);
        if (!actor || !update.vote) return undefined;
        const value = JSON.stringify(chosenOptions(poll.options, update.vote.selectedOptions ?? []));
        return { ...target, kind: 'vote', actor, at: positive(update.senderTimestampMs) ?? fallback, value };
      });
  return [...reactions, ...receipts, ...votes].filter((change) => change !== undefined);
}

/** All changes in a wire message: those of other messages, and those attached to itself. */
export function changesOf(info: proto.IWebMessageInfo, me: Me, nowMs: number): MessageChange[] {
  const chatJid = chatOf(info.key);
  if (chatJid === undefined) return [];
  const sent = sentChange(info, chatJid, me, nowMs);
  return [...(sent ? [sent] : []), ...attachedChanges(info, chatJid, me, nowMs)];
}
