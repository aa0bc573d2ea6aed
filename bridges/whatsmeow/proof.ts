import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** Derives a key from the token that is used for nothing but these proofs. */
export const label = 'whatsapp-hybrid-mcp wa-bridge hello 1';

/** Who proves to know the token. One side's proof is never the other's, so that sending it back proves nothing. */
export type Side = 'server' | 'client';

/** What both proofs of one connection are made over. */
export interface Challenge {
  /** The nonces, 32 bytes each, in hex. */
  client: string;
  server: string;
  /** `host:port` of wa-bridge, as the client reaches it: a program that hands a proof on has another one. */
  address: string;
}

export const freshNonce = (): string => randomBytes(32).toString('hex');

/** A proof that this side knows the token, 32 bytes in hex; daemon/http/hello.go makes the same. */
export function proofOf(token: string, side: Side, { client, server, address }: Challenge): string {
  const key = createHmac('sha256', token).update(label).digest();
  return createHmac('sha256', key).update([side, client, server, address].join('\n')).digest('hex');
}

/** Whether a proof of 32 bytes in hex is the expected one, in a time that does not depend on where they differ. */
export function isProof(told: string, expected: string): boolean {
  const [one, other] = [Buffer.from(told, 'hex'), Buffer.from(expected, 'hex')];
  return one.length === other.length && timingSafeEqual(one, other);
}
