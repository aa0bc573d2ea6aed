import { createCipheriv, createHmac, hkdfSync, randomBytes, randomInt } from 'node:crypto';
import { Curve, proto } from '@whiskeysockets/baileys';
import { typed } from '../wire/keys.ts';

/** Protocol version 3, both as the version of the message and as the oldest compatible version. */
const VERSION = Buffer.from([0x33]);
const MESSAGE_KEY = Buffer.from([1]);
const NEXT_CHAIN = Buffer.from([2]);

const hmac = (key: Buffer, data: Buffer): Buffer => createHmac('sha256', key).update(data).digest();

/**
 * The key of one sender in one group. Simulated phones step their chain once per message, as real ones do; Baileys as a
 * sender skips every other step, and each skipped step leaves a key in the reader's store permanently.
 */
export class SenderKey {
  private readonly id = randomInt(1, 0x7fffffff);
  private readonly signing = Curve.generateKeyPair();
  private chain: Buffer = randomBytes(32);
  private iteration = 0;

  /** What a device needs to read later messages. */
  distribution(): Uint8Array {
    const { SenderKeyDistributionMessage } = proto;
    const { id, iteration, chain: chainKey } = this;
    const signingKey = typed(this.signing.public);
    return Buffer.concat([
      VERSION,
      SenderKeyDistributionMessage.encode({ id, iteration, chainKey, signingKey }).finish(),
    ]);
  }

  /** Encrypts a padded message and signs it, then advances the chain to the next key. */
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
