import { createCipheriv, createHmac, hkdfSync, randomBytes, randomInt } from 'node:crypto';
import { Curve, proto } from '@whiskeysockets/baileys';
import { typed } from '../wire/keys.ts';

/** Protocol version 3, as both the version of the message and the oldest one that it can be read with. */
const VERSION = Buffer.from([0x33]);
const MESSAGE_KEY = Buffer.from([1]);
const NEXT_CHAIN = Buffer.from([2]);

const hmac = (key: Buffer, data: Buffer): Buffer => createHmac('sha256', key).update(data).digest();

/**
 * What one sender encrypts with in one group. The phones that people write with step their chain once for each message;
 * Baileys as a sender skips every other step, and each one skipped leaves a key in the reader's store for good.
 */
export class SenderKey {
  private readonly id = randomInt(1, 0x7fffffff);
  private readonly signing = Curve.generateKeyPair();
  private chain: Buffer = randomBytes(32);
  private iteration = 0;

  /** What a device needs to read the messages from here on. */
  distribution(): Uint8Array {
    const { SenderKeyDistributionMessage } = proto;
    const { id, iteration, chain: chainKey } = this;
    const signingKey = typed(this.signing.public);
    return Buffer.concat([
      VERSION,
      SenderKeyDistributionMessage.encode({ id, iteration, chainKey, signingKey }).finish(),
    ]);
  }

  /** Encrypts a padded message and signs it; the next one needs the next key. */
  encrypt(padded: Uint8Array): Uint8Array {
    const { id, iteration } = this;
    const secrets = Buffer.from(
      hkdfSync('sha256', hmac(this.chain, MESSAGE_KEY), Buffer.alloc(32), 'WhisperGroup', 48),
    );
    const cipher = createCipheriv('aes-256-cbc', secrets.subarray(16), secrets.subarray(0, 16));
    const ciphertext = Buffer.concat([cipher.update(padded), cipher.final()]);
    const message = Buffer.concat([VERSION, proto.SenderKeyMessage.encode({ id, iteration, ciphertext }).finish()]);
    this.chain = hmac(this.chain, NEXT_CHAIN);
    this.iteration++;
    return Buffer.concat([message, Curve.sign(this.signing.private, message)]);
  }
}
