import { Curve, proto } from '@whiskeysockets/baileys';
import { describe, expect, it } from 'vitest';
import { issueIdentity } from '../../../src/simulator/wire/certificate.ts';
import { verifyStrictly } from '../strict-curve.ts';

const { Details } = proto.CertChain.NoiseCertificate;

function chainOf(seed: number) {
  const identity = issueIdentity(seed);
  const { leaf, intermediate } = proto.CertChain.decode(identity.chain);
  return {
    identity,
    leaf: { ...leaf, fields: Details.decode(leaf?.details as Uint8Array) },
    intermediate: { ...intermediate, fields: Details.decode(intermediate?.details as Uint8Array) },
  };
}

describe('the certificate chain', () => {
  it('is signed from the root down, under strict verification', () => {
    const { identity, leaf, intermediate } = chainOf(1);
    const check = (key: Uint8Array, of: typeof leaf) =>
      verifyStrictly(key, of.details as Uint8Array, of.signature as Uint8Array);
    expect(check(identity.root, intermediate)).toBe(true);
    expect(check(intermediate.fields.key as Uint8Array, leaf)).toBe(true);
    expect(check(identity.root, leaf)).toBe(false);
    expect(check(issueIdentity(2).root, intermediate)).toBe(false);
  });

  it('names its issuers, is dated, and ends in the key the server proves to have', () => {
    const { identity, leaf, intermediate } = chainOf(1);
    const now = Date.now() / 1000;
    expect(intermediate.fields).toMatchObject({ serial: 1, issuerSerial: 0 });
    expect(leaf.fields).toMatchObject({ serial: 2, issuerSerial: 1 });
    expect(Buffer.from(leaf.fields.key as Uint8Array)).toEqual(Buffer.from(identity.staticKey.public));
    for (const { notBefore, notAfter } of [leaf.fields, intermediate.fields]) {
      expect(Number(notBefore)).toBeLessThan(now);
      expect(Number(notAfter)).toBeGreaterThan(now);
    }
  });

  it('keeps its keys when the simulator is started again, and differs between seeds', () => {
    expect(issueIdentity(1).root).toEqual(issueIdentity(1).root);
    expect(issueIdentity(1).staticKey).toEqual(issueIdentity(1).staticKey);
    expect(issueIdentity(1).root).not.toEqual(issueIdentity(2).root);
  });

  it('uses real key pairs: a derived one agrees with a random one', () => {
    const { staticKey } = issueIdentity(1);
    const other = Curve.generateKeyPair();
    expect(Curve.sharedKey(staticKey.private, other.public)).toEqual(Curve.sharedKey(other.private, staticKey.public));
  });
});
