import type * as z from 'zod';
import type { BridgeId } from '../../src/domain/states.ts';

/** Limits requests to WhatsApp, which restricts accounts that look up many people. */
export interface LookupPolicy {
  /** How long an answer stays cached, seconds. */
  cacheSeconds: number;
  /** The request is about other people and counts against the limit per minute. */
  rateLimited: boolean;
}

/** In ms. */
export interface TimeLimits {
  /** Max time of one call: then wa-bridge is given up, and Baileys stops reading a list page by page. */
  timeoutMs: number;
  /** Max wait for one answer of WhatsApp or of the phone; a call may need several. */
  answerTimeoutMs: number;
}

/** The limits of operations without their own. */
export const defaultLimits: TimeLimits = { timeoutMs: 20_000, answerTimeoutMs: 10_000 };

interface Definition<I extends z.ZodType, O extends z.ZodType> extends Partial<TimeLimits> {
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

export type Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> = Definition<I, O> & TimeLimits;

/** Adds the default limits. */
export function operation<I extends z.ZodType, O extends z.ZodType>(definition: Definition<I, O>): Operation<I, O> {
  return { ...defaultLimits, ...definition };
}
