import type { BinaryNode, proto } from '@whiskeysockets/baileys';
import type { WebSocket } from 'ws';
import type { LinkedDevice } from './account/device.ts';
import type { ServerIdentity } from './wire/certificate.ts';
import { node } from './wire/node.ts';
import { NoiseResponder } from './wire/noise.ts';
import type { CodeOffer } from './wire/pairing-code.ts';

/**
 * Time for the client to read the last stanza before the end: a client that sees the end first reconnects without
 * knowing the reason.
 */
const CLOSE_DELAY_MS = 30;

export interface ConnectionListener {
  onClientHello(connection: Connection, payload: proto.ClientPayload): void;
  stanza(connection: Connection, stanza: BinaryNode): Promise<void> | void;
  closed(connection: Connection): void;
  failed(connection: Connection, error: unknown): void;
  /** Called before every stanza in either direction; true when the connection is to be cut instead. */
  cuts(): boolean;
}

/** One client on one websocket. */
export class Connection {
  readonly number: number;
  device: LinkedDevice | undefined;
  /** Set while an unlinked client waits for its code. */
  code: CodeOffer | undefined;
  /** The static key that the client proved to own; empty during the handshake. */
  clientKey: Buffer = Buffer.alloc(0);
  private readonly socket: WebSocket;
  private readonly noise: NoiseResponder;
  private readonly replies = new Map<string, { resolve(reply: BinaryNode): void; reject(error: Error): void }>();
  private nextId = 1;
  private muted = false;
  private readonly listener: ConnectionListener;

  constructor(number: number, socket: WebSocket, identity: ServerIdentity, listener: ConnectionListener) {
    this.number = number;
    this.listener = listener;
    this.socket = socket;
    this.noise = new NoiseResponder(identity, {
      transmit: (frame) => socket.send(frame),
      onClientHello: (payload, key) => {
        this.clientKey = key;
        listener.onClientHello(this, payload);
      },
      stanza: async (stanza) => {
        if (this.muted) return;
        if (listener.cuts()) return this.drop();
        try {
          if (!this.takeReply(stanza)) await listener.stanza(this, stanza);
        } catch (error) {
          this.abandon(listener, error);
        }
      },
    });
    socket.on('message', (data: Buffer) => {
      try {
        this.noise.receive(data);
      } catch (error) {
        this.abandon(listener, error);
      }
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      for (const { reject } of this.replies.values()) reject(new Error('the client left before it answered'));
      listener.closed(this);
    });
  }

  get open(): boolean {
    return this.socket.readyState === this.socket.OPEN;
  }

  /** Sends while open. Drops a stanza for a closed connection, because the queue still has it. */
  send(stanza: BinaryNode): void {
    if (!this.open || this.muted) return;
    if (this.listener.cuts()) this.drop();
    else this.noise.send(stanza);
  }

  /** Stops delivery in both directions while the connection stays open. */
  mute(): void {
    this.muted = true;
  }

  /** Sends an iq to the client and resolves with its answer; rejects when the client leaves first. */
  ask(iq: BinaryNode): Promise<BinaryNode> {
    const id = `sim-${this.number}-${this.nextId++}`;
    const answer = new Promise<BinaryNode>((resolve, reject) => this.replies.set(id, { resolve, reject }));
    this.send({ ...iq, attrs: { ...iq.attrs, id } });
    return answer;
  }

  /** Sends the reason and closes, as WhatsApp does when it refuses a login. */
  fail(reason: number): void {
    this.send(node('failure', { reason, location: 'sim' }));
    this.closeSoon();
  }

  /** Ends the stream with an error code or a conflict, and closes. */
  streamError(error: { code?: number; conflict?: string }): void {
    const content = error.conflict ? [node('conflict', { type: error.conflict })] : undefined;
    this.send(node('stream:error', { code: error.code }, content));
    this.closeSoon();
  }

  closeSoon(): void {
    setTimeout(() => this.socket.close(1000), CLOSE_DELAY_MS);
  }

  /** Cuts the connection without notice. */
  drop(): void {
    this.socket.terminate();
  }

  private abandon(listener: ConnectionListener, error: unknown): void {
    listener.failed(this, error);
    this.socket.terminate();
  }

  private takeReply(stanza: BinaryNode): boolean {
    const id = stanza.attrs['id'];
    if (stanza.tag !== 'iq' || id === undefined || !['result', 'error'].includes(stanza.attrs['type'] ?? ''))
      return false;
    const waiting = this.replies.get(id);
    this.replies.delete(id);
    waiting?.resolve(stanza);
    return waiting !== undefined;
  }
}
