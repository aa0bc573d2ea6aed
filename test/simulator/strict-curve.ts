import { createPublicKey, verify } from 'node:crypto';
import { Curve } from '@whiskeysockets/baileys';

const P = 2n ** 255n - 19n;
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = base % P, e = exponent; e > 0n; e >>= 1n, b = (b * b) % P) if (e & 1n) result = (result * b) % P;
  return result;
}

/** XEdDSA without the library: converts the Montgomery key to an Edwards key, and Node verifies Ed25519. */
export function verifyStrictly(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false;
  const u = BigInt(`0x${Buffer.from(publicKey.slice(-32)).reverse().toString('hex')}`);
  const y = ((u - 1n + P) * power(u + 1n, P - 2n)) % P;
  const edwards = Buffer.from(y.toString(16).padStart(64, '0'), 'hex').reverse();
  const own = Buffer.from(signature);
  edwards[31] = (edwards[31] ?? 0) | ((own[63] ?? 0) & 0x80);
  own[63] = (own[63] ?? 0) & 0x7f;
  const key = createPublicKey({ key: Buffer.concat([SPKI_ED25519, edwards]), format: 'der', type: 'spki' });
  return verify(null, message, key, own);
}

/** Installs the strict check in Baileys, whose own accepts every well-formed signature. */
export function useStrictCurve(): void {
  Object.assign(Curve, { verify: verifyStrictly });
}
