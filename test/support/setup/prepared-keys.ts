import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Each linked device needs 812 key pairs, the most expensive part of many tests. A process creates this many and then
 * reuses them for other simulated accounts: no account of a test has that many.
 */
const kept = 4096;
const prepared: { publicKey: Buffer; privateKey: Buffer }[] = [];
let given = 0;

const generate = crypto.generateKeyPairSync as (type: string, options?: object) => (typeof prepared)[number];

/** True only for libsignal's call; all other calls stay unchanged. */
const isOfLibsignal = (type: string, options?: object): boolean =>
  type === 'x25519' &&
  JSON.stringify(options) ===
    '{"publicKeyEncoding":{"format":"der","type":"spki"},"privateKeyEncoding":{"format":"der","type":"pkcs8"}}';

function keyPair(type: string, options?: object): (typeof prepared)[number] {
  if (!isOfLibsignal(type, options)) return generate(type, options);
  const place = given++ % kept;
  prepared[place] ??= generate(type, options);
  const { publicKey, privateKey } = prepared[place];
  return { publicKey: Buffer.from(publicKey), privateKey: Buffer.from(privateKey) };
}

// The setup runs before each file, in a process that earlier files have used.
if (crypto.generateKeyPairSync.name !== keyPair.name) {
  crypto.generateKeyPairSync = keyPair as typeof crypto.generateKeyPairSync;
  syncBuiltinESMExports();
}
