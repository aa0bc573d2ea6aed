import { type BinaryNode, getBinaryNodeChild } from '@whiskeysockets/baileys';
import type { LinkedDevice } from '../account/device.ts';
import type { SimulatorContext } from '../context.ts';
import { announceIdle } from '../events.ts';
import { lastDamaged } from '../outbox.ts';
import { children, node, seconds } from '../wire/node.ts';
import { type Part, readSent, type SentMessage } from './outgoing-stanza.ts';

const isGroup = (jid: string) => jid.endsWith('@g.us');

/** A device's address in the same form (PN or LID) as another address. */
const formOf = (device: LinkedDevice, form: string): string => (form.endsWith('@lid') ? device.lid : device.jid);

function deliver(context: SimulatorContext, device: LinkedDevice, stanza: BinaryNode): void {
  device.deliver(stanza);
  announceIdle(context, device);
}

/**
 * Delivers to each other device of the account the ciphertext that a linked device made for it, with one time
 * (seconds).
 */
export function relayMessage(context: SimulatorContext, sender: LinkedDevice, message: BinaryNode, t: number): void {
  const sent = readSent(message);
  for (const device of context.account.devices.values()) {
    // Baileys lists its own device among the members of a group.
    if (device === sender) continue;
    const part = sent.parts.find(({ to }) => context.account.companion(to) === device);
    const stanza = isGroup(message.attrs['to'] ?? '')
      ? grouped(context, sender, message, sent, part)
      : part && direct(context, sender, message, part);
    if (stanza) deliver(context, device, { ...stanza, attrs: { ...stanza.attrs, t: String(t) } });
  }
}

function common(context: SimulatorContext, { attrs }: BinaryNode) {
  const { id, type, edit } = attrs;
  return { id, type, edit, notify: context.account.me.name };
}

/** The sender's proof that it belongs to the account accompanies the keys of a new session. */
function content(context: SimulatorContext, message: BinaryNode, parts: (BinaryNode | undefined)[]): BinaryNode[] {
  const encs = parts.filter((part) => part !== undefined);
  const identity = getBinaryNodeChild(message, 'device-identity');
  return [...(context.faults.nextDamage() ? lastDamaged(encs) : encs), ...(identity ? [identity] : [])];
}

/** WhatsApp passes on the other address of the chat that the sender gave. */
function direct(context: SimulatorContext, sender: LinkedDevice, message: BinaryNode, { to, enc }: Part): BinaryNode {
  const { to: chat, recipient = chat, peer_recipient_pn, peer_recipient_lid } = message.attrs;
  const attrs = { from: formOf(sender, to), recipient, peer_recipient_pn, peer_recipient_lid };
  return node('message', { ...attrs, ...common(context, message) }, content(context, message, [enc]));
}

/**
 * A device that already has the sender's key gets no part of its own; a part without a shared one is for one device
 * only.
 */
function grouped(
  context: SimulatorContext,
  sender: LinkedDevice,
  message: BinaryNode,
  { shared }: SentMessage,
  part?: Part,
) {
  if (!shared && !part) return undefined;
  const { to: from, addressing_mode = 'lid' } = message.attrs;
  const participants =
    addressing_mode === 'lid'
      ? { participant: sender.lid, participant_pn: sender.jid }
      : { participant: sender.jid, participant_lid: sender.lid };
  const attrs = { from, ...participants, addressing_mode, ...common(context, message) };
  return node('message', attrs, content(context, message, [part?.enc, shared]));
}

/** Relays read receipts of one device to the others. */
export function relayReadReceipt(context: SimulatorContext, reader: LinkedDevice, receipt: BinaryNode): void {
  const { to = '', id, t = seconds(), type } = receipt.attrs;
  const place = isGroup(to) ? { from: to, participant: reader.jid } : { from: formOf(reader, to), recipient: to };
  const kind = type?.startsWith('played') ? 'played' : 'read';
  for (const device of context.account.devices.values()) {
    if (device === reader) continue;
    deliver(context, device, node('receipt', { ...place, id, t, type: kind }, children(receipt)));
  }
}

/** Asks the linked device that wrote a message to send it again; false when no linked device wrote it. */
export function relayRetry(context: SimulatorContext, reader: LinkedDevice, receipt: BinaryNode): boolean {
  const { to = '', participant = to, id, t = seconds(), recipient } = receipt.attrs;
  const writer = context.account.companion(participant);
  if (!writer || writer === reader) return false;
  const place = isGroup(to)
    ? { from: to, participant: formOf(reader, participant) }
    : { from: formOf(reader, to), recipient };
  // The replacement may arrive under the writer's other address.
  reader.queue.confirm('message', id, to);
  deliver(context, writer, node('receipt', { ...place, id, t, type: 'retry' }, children(receipt)));
  return true;
}
