import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Each device that is linked makes 812 key pairs, the dearest part of many tests. A process makes this many; then they
 * come round again, each for another simulated account: no account of a test has that many.
 */
const kept = 4096;
const prepared: { publicKey: Buffer; privateKey: Buffer }[] = [];
let given = 0;

const generate = crypto.generateKeyPairSync as (type: string, options?: object) => (typeof prepared)[number];

/** True for the one call of libsignal; everything else is left alone. */
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

// The setup runs before each file, in the process of the files before.
if (crypto.generateKeyPairSync.name !== keyPair.name) {
  crypto.generateKeyPairSync = keyPair as typeof crypto.generateKeyPairSync;
  syncBuiltinESMExports();
}
