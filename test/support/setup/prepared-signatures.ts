import { createRequire } from 'node:module';

interface Curve {
  sign(privateKey: Uint8Array, message: Uint8Array): Uint8Array;
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
}

/** libsignal signs in JavaScript; without random bytes, a signature depends only on key and message. */
function curveOfLibsignal(): Curve {
  const baileys = createRequire(createRequire(import.meta.url).resolve('@whiskeysockets/baileys'));
  const libsignal = createRequire(baileys.resolve('libsignal'));
  return libsignal('curve25519-js') as Curve;
}

const most = 10_000;

/** Caches the results of a pure function of bytes. */
function remembering<T>(ask: (...bytes: Uint8Array[]) => T): (...bytes: Uint8Array[]) => T {
  const known = new Map<string, T>();
  return function remembered(...bytes) {
    const key = bytes.map((one) => Buffer.from(one).toString('base64')).join(' ');
    const found = known.get(key);
    if (found !== undefined) return found;
    const answer = ask(...bytes);
    if (known.size >= most) known.clear();
    known.set(key, answer);
    return answer;
  };
}

export const curve = curveOfLibsignal();
// The setup runs before each file, in a process that earlier files have used.
if (curve.sign.name !== 'remembered') {
  curve.sign = remembering(curve.sign);
  curve.verify = remembering(curve.verify);
}
