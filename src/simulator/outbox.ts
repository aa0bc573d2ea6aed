import { type BinaryNode, getBinaryNodeChild, type proto } from '@whiskeysockets/baileys';
import type { Party } from './account/account.ts';
import type { LinkedDevice } from './account/device.ts';
import type { Faults } from './faults/faults.ts';
import { readRetryKeys } from './signal/key-bundle.ts';
import type { Ciphertext } from './signal/signal.ts';
import { node } from './wire/node.ts';

/** How many messages per outbox can be sent again. */
const REMEMBERED = 2000;

/** One message to one device. */
export interface Outgoing {
  sender: Party;
  /** Attributes of the stanza; `id` among them. */
  attrs: Record<string, string | undefined> & { id: string };
  message: proto.IMessage;
  /** It arrives damaged, and only the phone can send it again (`phone_has_it`), or no device can (`for_good`). */
  lost?: 'phone_has_it' | 'for_good' | undefined;
  /** It arrives under a phone number whose LID is unknown. */
  strange?: boolean | undefined;
}

/**
 * The receiver keeps a session for each address until it learns that both belong together, so the sender has two as
 * well.
 */
export function sessionOf(device: LinkedDevice, { strange }: Pick<Outgoing, 'strange'>): string {
  return strange ? device.jid : device.lid;
}

export function encNode(sealed: Ciphertext, retry?: string): BinaryNode {
  return node('enc', { v: '2', type: sealed.type, count: retry }, sealed.bytes);
}

/** Encrypts messages for linked devices, queues them, and sends them again when a device could not decrypt them. */
export class Outbox {
  private readonly sent = new Map<string, Outgoing>();
  private readonly faults: Faults;

  constructor(faults: Faults) {
    this.faults = faults;
  }

  /** Encrypts and queues; resolves when the stanza stands in the device's queue. */
  send(device: LinkedDevice, outgoing: Outgoing): Promise<void> {
    this.remember(device, outgoing);
    return device.inOrder(async () => {
      const { sender, message, attrs } = outgoing;
      const sealed = await sender.signal.encrypt(sessionOf(device, outgoing), message, () => device.takeBundle());
      const bytes = outgoing.lost || this.faults.nextDamage() ? damaged(sealed.bytes) : sealed.bytes;
      device.deliver(node('message', attrs, [encNode({ ...sealed, bytes })]));
    });
  }

  /** Queues parts that are already encrypted, such as those of a group; `outgoing.message` is what a resend carries. */
  sendParts(device: LinkedDevice, outgoing: Outgoing, parts: () => Promise<BinaryNode[]>): Promise<void> {
    this.remember(device, outgoing);
    return device.inOrder(async () => {
      const encs = await parts();
      device.deliver(node('message', outgoing.attrs, this.faults.nextDamage() ? lastDamaged(encs) : encs));
    });
  }

  /** Answers a retry receipt: a new session, the same id. Returns false for unknown messages. */
  async resend(device: LinkedDevice, receipt: BinaryNode): Promise<boolean> {
    const outgoing = this.sent.get(key(device, receipt.attrs['id'] ?? ''));
    if (!outgoing || outgoing.lost) return false;
    const retry = getBinaryNodeChild(receipt, 'retry');
    const { signal } = outgoing.sender;
    await device.inOrder(async () => {
      const address = sessionOf(device, outgoing);
      await signal.restart(address, readRetryKeys(receipt) ?? device.takeBundle());
      const sealed = await signal.encrypt(address, outgoing.message, () => device.takeBundle());
      device.deliver(node('message', outgoing.attrs, [encNode(sealed, retry?.attrs['count'])]));
    });
    return true;
  }

  /** The message sent to a device under this id, if the phone has it; undefined when it is lost for good. */
  onPhone(device: LinkedDevice, id: string): Outgoing | undefined {
    const outgoing = this.sent.get(key(device, id));
    return outgoing?.lost === 'for_good' ? undefined : outgoing;
  }

  private remember(device: LinkedDevice, outgoing: Outgoing): void {
    this.sent.set(key(device, outgoing.attrs.id), outgoing);
    for (const oldest of this.sent.keys()) {
      if (this.sent.size <= REMEMBERED) break;
      this.sent.delete(oldest);
    }
  }
}

/** Changes a byte that the MAC covers or that belongs to it, in messages with and without session keys. */
function damaged(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = copy.length - 10;
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

/** The part with the text comes after the keys. */
export function lastDamaged(parts: BinaryNode[]): BinaryNode[] {
  const last = parts.at(-1);
  return last ? [...parts.slice(0, -1), { ...last, content: damaged(last.content as Uint8Array) }] : parts;
}

function key(device: LinkedDevice, id: string): string {
  return `${device.number} ${id}`;
}
