import { Curve, type KeyPair, sha256 } from '@whiskeysockets/baileys';

const BASE_POINT = Buffer.alloc(32);
BASE_POINT[0] = 9;

/**
 * A Curve25519 key pair that depends only on seed and name: a simulator that was restarted keeps the keys that clients
 * and tests already know. Worthless as a secret, which is the point.
 */
export function derivedKeyPair(seed: number, name: string): KeyPair & { public: Buffer; private: Buffer } {
  const secret = sha256(Buffer.from(`simulated WhatsApp ${seed} ${name}`));
  return { private: secret, public: Curve.sharedKey(secret, BASE_POINT) };
}

/** Bytes that depend only on seed and name. */
export function derivedBytes(seed: number, name: string): Buffer {
  return sha256(Buffer.from(`simulated bytes ${seed} ${name}`));
}

/** A public key with the type byte in front, as Signal stores it. */
export function typed(publicKey: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([5]), publicKey]);
}
