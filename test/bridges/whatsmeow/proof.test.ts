import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { freshNonce, isProof, proofOf } from '../../../bridges/whatsmeow/proof.ts';

const vector = JSON.parse(
  readFileSync(new URL('../../../bridges/whatsmeow/contract/proof.json', import.meta.url), 'utf8'),
) as Record<'token' | 'client' | 'server' | 'address' | 'server_proof' | 'client_proof', string>;

test('the proofs are those that wa-bridge makes', () => {
  expect(proofOf(vector.token, 'server', vector)).toBe(vector.server_proof);
  expect(proofOf(vector.token, 'client', vector)).toBe(vector.client_proof);
});

test('every part of a proof counts', () => {
  const changes = [{ client: freshNonce() }, { server: freshNonce() }, { address: '127.0.0.1:8081' }];
  const proofs = changes.map((change) => proofOf(vector.token, 'server', { ...vector, ...change }));
  const swapped = proofOf(vector.token, 'server', { ...vector, client: vector.server, server: vector.client });
  const all = [...proofs, swapped, vector.server_proof, vector.client_proof, proofOf('b'.repeat(64), 'server', vector)];
  expect(new Set(all).size).toBe(all.length);
  expect(all.filter((one) => isProof(one, vector.server_proof))).toEqual([vector.server_proof]);
});

test.each(['', 'zz', '00', 'x'.repeat(64), 'ff'.repeat(33)])('%s is no proof', (told) => {
  expect(isProof(told, vector.server_proof)).toBe(false);
});

test('nonces are unique and carry no information', () => {
  const nonces = Array.from({ length: 1000 }, freshNonce);
  expect(new Set(nonces).size).toBe(1000);
  expect(nonces.every((nonce) => /^[0-9a-f]{64}$/.test(nonce))).toBe(true);
});
