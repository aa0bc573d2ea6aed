import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Derives a key from the token for these proofs only. */
export const label = 'whatsapp-hybrid-mcp wa-bridge hello 1';

/** The side that proves to know the token. The proofs of both sides differ, so that echoing one proves nothing. */
export type Side = 'server' | 'client';

/** The data that both proofs of one connection cover. */
export interface Challenge {
  /** The nonces, 32 bytes each, in hex. */
  client: string;
  server: string;
  /** `host:port` of wa-bridge as the client reaches it: a program that relays a proof has a different one. */
  address: string;
}

export const freshNonce = (): string => randomBytes(32).toString('hex');

/** A proof that this side knows the token, 32 bytes in hex; daemon/http/hello.go computes the same. */
export function proofOf(token: string, side: Side, { client, server, address }: Challenge): string {
  const key = createHmac('sha256', token).update(label).digest();
  return createHmac('sha256', key).update([side, client, server, address].join('\n')).digest('hex');
}

/** Compares two proofs of 32 bytes in hex in constant time. */
export function isProof(told: string, expected: string): boolean {
  const [one, other] = [Buffer.from(told, 'hex'), Buffer.from(expected, 'hex')];
  return one.length === other.length && timingSafeEqual(one, other);
}
