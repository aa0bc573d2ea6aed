import * as z from 'zod';

/** 32 bytes. */
const Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** `POST /v1/hello`: reveals nothing about the caller. */
export const HelloSchema = z.strictObject({ nonce: Hex });

/** The answer of wa-bridge: its nonce, and its proof over both nonces. */
export const HelloReplySchema = z.object({ nonce: Hex, proof: Hex });

/** `POST /v1/proof`, on the same connection: the caller's proof over the same challenge. */
export const ProofSchema = z.strictObject({ proof: Hex });

export const ProofReplySchema = z.object({ proven: z.literal(true) });
