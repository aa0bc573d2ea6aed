import type { BinaryNode } from '@whiskeysockets/baileys';
import type { KeyBundle } from '../signal/signal.ts';
import { DeliveryQueue } from './queue.ts';

/** What a companion reports about itself when it registers. */
export interface Registration {
  /** Static Noise key, which a login must prove to own. */
  noiseKey: Buffer;
  bundle: KeyBundle;
}

/** The operations of a connection that its device needs. */
export interface Line {
  readonly open: boolean;
  send(stanza: BinaryNode): void;
  streamError(error: { code?: number; conflict?: string }): void;
  /** Stops delivery in both directions while the connection stays open. */
  mute(): void;
  /** Cuts the connection without notice. */
  drop(): void;
}

/** One device linked to the account: its published keys, its queue and, while connected, its connection. */
export class LinkedDevice {
  readonly number: number;
  /** Addresses with the device number. Signal sessions are kept under `lid`. */
  readonly jid: string;
  readonly lid: string;
  readonly noiseKey: Buffer;
  readonly queue = new DeliveryQueue();
  connection: Line | undefined;
  /** Whether the device has asked for its queue; before that, nothing is delivered. */
  active = false;
  historyStarted = false;
  /** Pending work that will still add to the queue. */
  private busy = 0;
  /** The active holds on delivery. */
  private readonly holds = new Set<symbol>();
  private readonly held: BinaryNode[] = [];
  private keys: KeyBundle;
  private readonly preKeys: { id: number; key: Uint8Array }[] = [];
  private pending: Promise<unknown> = Promise.resolve();

  constructor(number: number, addresses: { jid: string; lid: string }, registration: Registration) {
    this.number = number;
    this.jid = addresses.jid;
    this.lid = addresses.lid;
    this.noiseKey = registration.noiseKey;
    this.keys = registration.bundle;
  }

  get keyIndex(): number {
    return this.number;
  }

  get preKeyCount(): number {
    return this.preKeys.length;
  }

  get idle(): boolean {
    return this.busy === 0 && this.queue.size === 0;
  }

  /** Keys for a party that wants to write to this device; consumes its one-time key. */
  takeBundle(): KeyBundle {
    return { ...this.keys, preKey: this.preKeys.shift() };
  }

  publish(keys: Partial<KeyBundle>, preKeys: readonly { id: number; key: Uint8Array }[]): void {
    this.keys = { ...this.keys, ...keys };
    this.preKeys.push(...preKeys);
  }

  /** Queues a stanza, and sends it while the device is connected. */
  deliver(stanza: BinaryNode): void {
    this.queue.add(stanza);
    if (this.active) this.pass(stanza);
  }

  /** Holds delivery until the returned function is called; with several holds, until the last of them is released. */
  hold(): () => void {
    const hold = Symbol('hold');
    this.holds.add(hold);
    return () => {
      if (!this.holds.delete(hold) || this.holds.size > 0) return;
      for (const stanza of this.held.splice(0)) this.pass(stanza);
    };
  }

  private pass(stanza: BinaryNode): void {
    if (this.holds.size > 0) this.held.push(stanza);
    else this.connection?.send(stanza);
  }

  /** Runs work in order, so that stanzas leave in the order of their encryption. */
  inOrder<T>(work: () => Promise<T>): Promise<T> {
    const result = this.working(() => this.pending.then(work));
    this.pending = result.catch(() => undefined);
    return result;
  }

  /** Keeps the device from counting as idle until the work is done. */
  async working<T>(work: () => Promise<T>): Promise<T> {
    this.busy++;
    try {
      return await work();
    } finally {
      this.busy--;
    }
  }

  /** Attaches a connection; returns the previous one. */
  attach(connection: Line): Line | undefined {
    const before = this.connection;
    this.connection = connection;
    this.active = false;
    this.held.length = 0; // the queue still has all of them
    return before;
  }

  detach(connection: Line): void {
    if (this.connection !== connection) return;
    this.connection = undefined;
    this.active = false;
  }

  /** Delivers all unconfirmed stanzas again, marked as offline; returns their number. */
  activate(): number {
    this.active = true;
    const waiting = this.queue.unconfirmed();
    for (const stanza of waiting) this.pass({ ...stanza, attrs: { ...stanza.attrs, offline: '0' } });
    return waiting.length;
  }
}
