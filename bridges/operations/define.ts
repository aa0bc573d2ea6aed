import type * as z from 'zod';
import type { BridgeId } from '../../src/domain/states.ts';

/** Limits requests to WhatsApp, which restricts accounts that look up many people. */
export interface LookupPolicy {
  /** How long an answer stays cached, seconds. */
  cacheSeconds: number;
  /** The request is about other people and counts against the limit per minute. */
  rateLimited: boolean;
}

export interface Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  summary: string;
  effect: 'read' | 'write' | 'destructive';
  /** `safe`: asking a second bridge after an unknown outcome is harmless. `never`: the effect could happen twice. */
  repeat: 'safe' | 'never';
  /** The bridges to ask, in order; `addressed`: the caller names the bridge, and no other one is asked. */
  route: readonly [BridgeId, ...BridgeId[]] | 'addressed';
  /** For requests whose answers are cached. */
  lookup?: LookupPolicy;
  /** True when another bridge may know the missing part: the router asks the next connected one for it. */
  isIncomplete?(answer: z.output<O>): boolean;
  input: I;
  output: O;
}

/** Identity function for type inference. */
export function operation<I extends z.ZodType, O extends z.ZodType>(op: Operation<I, O>): Operation<I, O> {
  return op;
}
