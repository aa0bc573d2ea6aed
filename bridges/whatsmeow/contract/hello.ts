import * as z from 'zod';

/** 32 bytes. */
const Hex = z.string().regex(/^[0-9a-f]{64}$/);

/** `POST /v1/hello`: says nothing of who asks. */
export const HelloSchema = z.strictObject({ nonce: Hex });

/** What wa-bridge answers: its own nonce, and its proof over both. */
export const HelloReplySchema = z.object({ nonce: Hex, proof: Hex });

/** `POST /v1/proof`, on the same connection: the caller's proof over the same. */
export const ProofSchema = z.strictObject({ proof: Hex });

export const ProofReplySchema = z.object({ proven: z.literal(true) });
