import { Curve, type KeyPair, sha256 } from '@whiskeysockets/baileys';

const BASE_POINT = Buffer.alloc(32);
BASE_POINT[0] = 9;

/**
 * A Curve25519 key pair that depends only on seed and name, so that a restarted simulator keeps the keys that clients
 * and tests know. It is deliberately not secret.
 */
export function derivedKeyPair(seed: number, name: string): KeyPair & { public: Buffer; private: Buffer } {
  const secret = sha256(Buffer.from(`simulated WhatsApp ${seed} ${name}`));
  return { private: secret, public: Curve.sharedKey(secret, BASE_POINT) };
}

/** Bytes that depend only on seed and name. */
export function derivedBytes(seed: number, name: string): Buffer {
  return sha256(Buffer.from(`simulated bytes ${seed} ${name}`));
}

/** A public key preceded by the type byte, as Signal stores it. */
export function typed(publicKey: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from([5]), publicKey]);
}
