import { generateKeyPairSync } from 'node:crypto';
import { Curve } from '@whiskeysockets/baileys';
import { describe, expect, test } from 'vitest';
import { curve } from '../support/setup/prepared-signatures.ts';
import { verifyStrictly } from './strict-curve.ts';

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('Prepared keys', () => {
  test('match, differ for every device of an account, and are then reused', () => {
    const pairs = Array.from({ length: 4096 }, () => Curve.generateKeyPair());
    expect(new Set(pairs.map((pair) => hex(pair.private))).size).toBe(4096);
    const [one, other] = [pairs[0]!, pairs[4095]!];
    expect(hex(Curve.sharedKey(one.private, other.public))).toBe(hex(Curve.sharedKey(other.private, one.public)));
    expect(hex(Curve.generateKeyPair().private)).toBe(hex(one.private));
  });

  test('are handed out as copies', () => {
    const publicKeyEncoding = { format: 'der', type: 'spki' } as const;
    const privateKeyEncoding = { format: 'der', type: 'pkcs8' } as const;
    const made = () => generateKeyPairSync('x25519', { publicKeyEncoding, privateKeyEncoding }).privateKey;
    const first = made();
    const before = hex(first);
    first.fill(0);
    const round = Array.from({ length: 4096 }, made);
    expect(hex(round[4095]!)).toBe(before);
  });

  test('are those of the library alone', () => {
    const made = () => generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' }).d;
    expect(made()).not.toBe(made());
  });
});

describe('Prepared signatures', () => {
  test('verify for their key and message only, on every call', () => {
    const { public: key, private: secret } = Curve.generateKeyPair();
    const [message, other] = [Buffer.from('one'), Buffer.from('other')];
    const signature = Curve.sign(secret, message);
    for (let turn = 0; turn < 2; turn++) {
      expect(hex(Curve.sign(secret, message))).toBe(hex(signature));
      expect(verifyStrictly(key, message, signature)).toBe(true);
      expect(curve.verify(key, message, signature)).toBe(true);
      expect(curve.verify(key, other, signature)).toBe(false);
      expect(hex(Curve.sign(secret, other))).not.toBe(hex(signature));
    }
  });
});
