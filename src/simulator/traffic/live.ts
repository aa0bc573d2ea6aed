import { type BinaryNode, proto } from '@whiskeysockets/baileys';
import { type Party, userOf } from '../account/account.ts';
import type { LinkedDevice } from '../account/device.ts';
import type { SimulatorContext } from '../context.ts';
import { announceIdle } from '../events.ts';
import { encNode, sessionOf } from '../outbox.ts';
import { seconds } from '../wire/node.ts';
import { newMessageId } from '../wire/stanza-id.ts';

/** A message that a party sends now. */
export interface LiveMessage {
  /** The sender: an address of a person in the world, or of the account, which then writes from its phone. */
  from: string;
  /** A group, or the chat of the account's own message. The direct chat with the sender by default. */
  chat?: string;
  message: proto.IMessage;
  id?: string;
  /** Seconds since 1970; now by default. */
  timestamp?: number;
  /** The sender's address to show first; the LID where the person has no other. */
  addressing?: 'pn' | 'lid';
  /** Leaves out the other address, so that the receiver cannot know that both belong to one person. */
  alone?: boolean;
  /** For a direct message: it arrives damaged, and only the phone can send it again, or no device can. */
  lost?: 'phone_has_it' | 'for_good';
}

const { Type } = proto.Message.ProtocolMessage;

function stanzaType({ conversation, extendedTextMessage, protocolMessage, reactionMessage }: proto.IMessage): string {
  if (reactionMessage) return 'reaction';
  return conversation || extendedTextMessage || protocolMessage ? 'text' : 'media';
}

/** The attribute of an edit's or a revoke's stanza. */
function editMark({ protocolMessage }: proto.IMessage): string | undefined {
  if (protocolMessage?.type === Type.MESSAGE_EDIT) return '1';
  return protocolMessage?.type === Type.REVOKE ? '7' : undefined;
}

/** Both addresses of a party: the one to show first, and the other where it is known. */
function addresses(
  { pn, lid }: Party,
  addressing: 'pn' | 'lid',
  alone = false,
): { mode: 'pn' | 'lid'; front: string; other?: string } {
  const mode = addressing === 'lid' ? (lid ? 'lid' : 'pn') : pn ? 'pn' : 'lid';
  const [front, other] = mode === 'lid' ? [lid, pn] : [pn, lid];
  if (!front) throw new Error('a party without an address');
  return { mode, front, ...(other && !alone && { other }) };
}

/** Sends live messages of contacts, groups and the phone to every linked device. */
export class LiveSender {
  private readonly context: SimulatorContext;
  /** The devices that have the sender key of a party in a group. */
  private readonly distributed = new Map<string, Set<LinkedDevice>>();
  private pending: Promise<unknown> = Promise.resolve();

  constructor(context: SimulatorContext) {
    this.context = context;
  }

  /** Resolves with the message's id when it is in every device's queue. */
  send(live: LiveMessage): Promise<string> {
    const sending = this.pending.then(() => this.sendNow(live));
    this.pending = sending.catch(() => undefined);
    return sending;
  }

  private async sendNow(live: LiveMessage): Promise<string> {
    const id = live.id ?? newMessageId();
    const sender = this.context.account.party(live.from);
    const common = {
      id,
      t: String(live.timestamp ?? seconds()),
      type: stanzaType(live.message),
      notify: sender.name,
      edit: editMark(live.message),
    };
    if (live.chat?.endsWith('@g.us')) await this.toGroup(live, live.chat, sender, common);
    else if (sender === this.context.account.phone) await this.fromPhone(live, common);
    else await this.direct(live, sender, common);
    for (const device of this.devices()) announceIdle(this.context, device);
    return id;
  }

  private devices(): LinkedDevice[] {
    return [...this.context.account.devices.values()];
  }

  private async direct(live: LiveMessage, sender: Party, common: Common): Promise<void> {
    const { message, lost } = live;
    const { mode, front, other } = addresses(sender, live.addressing ?? 'pn', live.alone);
    const alternative = mode === 'lid' ? { sender_pn: other, addressing_mode: 'lid' } : { sender_lid: other };
    const attrs = { from: front, ...alternative, ...common };
    const strange = live.alone && mode === 'pn';
    for (const device of this.devices())
      await this.context.outbox.send(device, { sender, attrs, message, lost, strange });
  }

  /** A message from the phone, as its companions see it. */
  private async fromPhone({ chat, message, addressing, alone }: LiveMessage, common: Common): Promise<void> {
    const { phone } = this.context.account;
    if (!chat) throw new Error('which chat does the phone write to?');
    const recipient = addresses(this.context.account.party(chat), addressing ?? 'pn', alone);
    const peer = recipient.mode === 'lid' ? 'peer_recipient_pn' : 'peer_recipient_lid';
    const from = recipient.mode === 'lid' ? phone.lid : phone.pn;
    const attrs = { from, recipient: recipient.front, [peer]: recipient.other, ...common };
    const wrapped = { deviceSentMessage: { destinationJid: recipient.front, message } };
    for (const device of this.devices()) {
      await this.context.outbox.send(device, { sender: phone, attrs, message: wrapped });
    }
  }

  private async toGroup(live: LiveMessage, group: string, sender: Party, common: Common): Promise<void> {
    const own = sender === this.context.account.phone;
    const { mode, front, other } = addresses(sender, live.addressing ?? 'lid', live.alone && !own);
    const alternative = mode === 'lid' ? { participant_pn: other } : { participant_lid: other };
    const attrs = { from: group, participant: front, ...alternative, addressing_mode: mode, ...common };
    const sealed = sender.signal.encryptForGroup(group, live.message);
    const key = { groupId: group, axolotlSenderKeyDistributionMessage: sealed.distribution };
    const withKey = { senderKeyDistributionMessage: key };
    const reached = this.reached(`${group} ${userOf(front)}`);
    for (const device of this.devices()) {
      const strange = live.alone && mode === 'pn' && !own;
      const outgoing = { sender, attrs, message: { ...live.message, ...withKey }, strange };
      await this.context.outbox.sendParts(device, outgoing, async () => {
        const parts: BinaryNode[] = [encNode(sealed)];
        if (reached.has(device)) return parts;
        reached.add(device);
        const address = sessionOf(device, outgoing);
        return [encNode(await sender.signal.encrypt(address, withKey, () => device.takeBundle())), ...parts];
      });
    }
  }

  private reached(key: string): Set<LinkedDevice> {
    const known = this.distributed.get(key) ?? new Set<LinkedDevice>();
    this.distributed.set(key, known);
    return known;
  }
}

interface Common {
  id: string;
  t: string;
  type: string;
  notify: string;
  edit: string | undefined;
}

/** An edit of a message that the same sender sent to this chat. */
export function editOf(chat: string, id: string, text: string): proto.IMessage {
  return {
    protocolMessage: {
      key: { remoteJid: chat, fromMe: true, id },
      type: Type.MESSAGE_EDIT,
      editedMessage: { conversation: text },
      timestampMs: Date.now(),
    },
  };
}

/** A revoke of a message for everyone by its sender. */
export function revocationOf(chat: string, id: string): proto.IMessage {
  return { protocolMessage: { key: { remoteJid: chat, fromMe: true, id }, type: Type.REVOKE } };
}
