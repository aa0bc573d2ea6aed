import { Curve, type KeyPair, proto } from '@whiskeysockets/baileys';
import { derivedKeyPair } from './keys.ts';

const DAY = 86_400;

export interface ServerIdentity {
  /** Public key of the root; clients must be given it in place of WhatsApp's. */
  root: Buffer;
  /** The server's static Noise key; equals the key in the leaf certificate. */
  staticKey: KeyPair;
  /** Encoded CertChain: leaf and intermediate, both dated. */
  chain: Uint8Array;
}

interface Subject {
  serial: number;
  issuerSerial: number;
  key: Uint8Array;
}

function sign(subject: Subject, issuer: KeyPair): proto.CertChain.INoiseCertificate {
  const today = Math.floor(Date.now() / 1000 / DAY) * DAY; // one chain a day: signing is slow
  const details = proto.CertChain.NoiseCertificate.Details.encode({
    ...subject,
    notBefore: today - DAY,
    notAfter: today + 3650 * DAY,
  }).finish();
  return { details, signature: Curve.sign(issuer.private, details) };
}

/**
 * Root → intermediate → leaf, as both client libraries require: serial 0 issues 1, 1 issues 2, leaf key = static key.
 */
export function issueIdentity(seed: number): ServerIdentity {
  const root = derivedKeyPair(seed, 'root');
  const intermediate = derivedKeyPair(seed, 'intermediate');
  const staticKey = derivedKeyPair(seed, 'server');
  const chain = proto.CertChain.encode({
    intermediate: sign({ serial: 1, issuerSerial: 0, key: intermediate.public }, root),
    leaf: sign({ serial: 2, issuerSerial: 1, key: staticKey.public }, intermediate),
  }).finish();
  return { root: root.public, staticKey, chain };
}
