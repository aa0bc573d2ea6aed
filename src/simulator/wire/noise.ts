import { createHash, hkdfSync } from 'node:crypto';
import {
  aesDecryptGCM,
  aesEncryptGCM,
  type BinaryNode,
  Curve,
  decodeBinaryNode,
  encodeBinaryNode,
  type KeyPair,
  NOISE_MODE,
  proto,
} from '@whiskeysockets/baileys';
import type { ServerIdentity } from './certificate.ts';

const EMPTY = Buffer.alloc(0);
const HEADER_LENGTH = 4;
const MAX_FRAME = 1 << 24;

function nonce(counter: number): Buffer {
  const iv = Buffer.alloc(12);
  iv.writeUInt32BE(counter, 8);
  return iv;
}

/** Hash, chaining key and cipher of a Noise XX handshake in progress. */
class HandshakeState {
  private hash: Buffer = Buffer.from(NOISE_MODE);
  private chainingKey: Buffer = this.hash;
  private key: Buffer = this.hash;
  private counter = 0;

  mixHash(data: Uint8Array): void {
    this.hash = createHash('sha256').update(this.hash).update(data).digest();
  }

  mixKey(secret: Uint8Array): void {
    [this.chainingKey, this.key] = this.derive(secret);
    this.counter = 0;
  }

  encrypt(plaintext: Uint8Array): Buffer {
    const sealed = aesEncryptGCM(plaintext, this.key, nonce(this.counter++), this.hash);
    this.mixHash(sealed);
    return sealed;
  }

  decrypt(sealed: Uint8Array): Buffer {
    const plaintext = aesDecryptGCM(sealed, this.key, nonce(this.counter++), this.hash);
    this.mixHash(sealed);
    return plaintext;
  }

  /** Client-to-server key first, server-to-client key second. */
  split(): [Buffer, Buffer] {
    return this.derive(EMPTY);
  }

  private derive(secret: Uint8Array): [Buffer, Buffer] {
    const bytes = Buffer.from(hkdfSync('sha256', secret, this.chainingKey, EMPTY, 64));
    return [bytes.subarray(0, 32), bytes.subarray(32)];
  }
}

export interface NoiseListener {
  /** Sends one frame as exactly one websocket message. */
  transmit(frame: Buffer): void;
  /** The handshake ended: the client's payload, and the static key it proved to own. */
  onClientHello(payload: proto.ClientPayload, clientKey: Buffer): void;
  /** A decrypted stanza, in order of arrival. */
  stanza(stanza: BinaryNode): Promise<void> | void;
}

/** The server's side of WhatsApp's Noise channel: handshake as responder, then encrypted stanzas both ways. */
export class NoiseResponder {
  private readonly handshake = new HandshakeState();
  private readonly ephemeral: KeyPair = Curve.generateKeyPair();
  private readonly identity: ServerIdentity;
  private readonly listener: NoiseListener;
  private pending: Buffer = EMPTY;
  private step: 'header' | 'hello' | 'finish' | 'transport' = 'header';
  private keys: [Buffer, Buffer] = [EMPTY, EMPTY];
  private received = 0;
  private sent = 0;
  private arrivals: Promise<void> = Promise.resolve();

  constructor(identity: ServerIdentity, listener: NoiseListener) {
    this.identity = identity;
    this.listener = listener;
  }

  /** Accepts bytes in any portions; throws when they cannot be from a client with the same keys. */
  receive(data: Buffer): void {
    this.pending = this.pending.length === 0 ? data : Buffer.concat([this.pending, data]);
    if (this.step === 'header' && !this.takeHeader()) return;
    while (this.pending.length >= 3) {
      const size = this.pending.readUIntBE(0, 3);
      if (this.pending.length < size + 3) return;
      const frame = this.pending.subarray(3, size + 3);
      this.pending = this.pending.subarray(size + 3);
      this.take(frame);
    }
  }

  send(stanza: BinaryNode): void {
    if (this.step !== 'transport') throw new Error('the handshake is not over');
    this.transmit(aesEncryptGCM(encodeBinaryNode(stanza), this.keys[1], nonce(this.sent++), EMPTY));
  }

  /** Routing bytes may precede the header; they are not part of the handshake hash. */
  private takeHeader(): boolean {
    if (this.pending.length >= 7 && this.pending.toString('latin1', 0, 2) === 'ED') {
      const end = 7 + this.pending.readUIntBE(4, 3);
      if (this.pending.length < end) return false;
      this.pending = this.pending.subarray(end);
    }
    if (this.pending.length < HEADER_LENGTH) return false;
    if (this.pending.toString('latin1', 0, 2) !== 'WA') throw new Error('not a WhatsApp client');
    this.handshake.mixHash(this.pending.subarray(0, HEADER_LENGTH));
    this.pending = this.pending.subarray(HEADER_LENGTH);
    this.step = 'hello';
    return true;
  }

  private take(frame: Buffer): void {
    if (this.step === 'hello') this.answerHello(frame);
    else if (this.step === 'finish') this.finish(frame);
    else this.decode(frame);
  }

  private decode(frame: Buffer): void {
    const plaintext = aesDecryptGCM(frame, this.keys[0], nonce(this.received++), EMPTY);
    this.arrivals = this.arrivals.then(async () => this.listener.stanza(await decodeBinaryNode(plaintext)));
  }

  private answerHello(frame: Buffer): void {
    const clientEphemeral = proto.HandshakeMessage.decode(frame).clientHello?.ephemeral;
    if (!clientEphemeral) throw new Error('client hello without a key');
    const { handshake, ephemeral, identity } = this;
    handshake.mixHash(clientEphemeral);
    handshake.mixHash(ephemeral.public);
    handshake.mixKey(Curve.sharedKey(ephemeral.private, clientEphemeral));
    const sealedStatic = handshake.encrypt(identity.staticKey.public);
    handshake.mixKey(Curve.sharedKey(identity.staticKey.private, clientEphemeral));
    const payload = handshake.encrypt(identity.chain);
    const serverHello = { ephemeral: ephemeral.public, static: sealedStatic, payload };
    this.transmit(Buffer.from(proto.HandshakeMessage.encode({ serverHello }).finish()));
    this.step = 'finish';
  }

  private finish(frame: Buffer): void {
    const finish = proto.HandshakeMessage.decode(frame).clientFinish;
    if (!finish?.static || !finish.payload) throw new Error('client finish is incomplete');
    const clientKey = this.handshake.decrypt(finish.static);
    this.handshake.mixKey(Curve.sharedKey(this.ephemeral.private, clientKey));
    const payload = proto.ClientPayload.decode(this.handshake.decrypt(finish.payload));
    this.keys = this.handshake.split();
    this.step = 'transport';
    this.listener.onClientHello(payload, clientKey);
  }

  private transmit(body: Buffer): void {
    if (body.length >= MAX_FRAME) throw new Error(`frame of ${body.length} bytes is too large`);
    const frame = Buffer.allocUnsafe(body.length + 3);
    frame.writeUIntBE(body.length, 0, 3);
    body.copy(frame, 3);
    this.listener.transmit(frame);
  }
}
