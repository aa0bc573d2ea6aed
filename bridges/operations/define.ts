import type * as z from 'zod';
import type { BridgeId } from '../../src/domain/states.ts';

/** How gently WhatsApp is asked: it restricts accounts that look up many people. */
export interface LookupPolicy {
  /** An answer is good for this long, seconds. */
  cacheSeconds: number;
  /** It is about other people, so it is one of the few that are asked in a minute. */
  rateLimited: boolean;
}

export interface Operation<I extends z.ZodType = z.ZodType, O extends z.ZodType = z.ZodType> {
  summary: string;
  effect: 'read' | 'write' | 'destructive';
  /** `safe`: asking a second bridge after an unknown outcome does no harm. `never`: it could happen twice. */
  repeat: 'safe' | 'never';
  /** Who is asked, in order; `addressed`: the caller names the bridge, and no other one is tried. */
  route: readonly [BridgeId, ...BridgeId[]] | 'addressed';
  /** Of questions that are answered from memory for a while. */
  lookup?: LookupPolicy;
  /** This answer leaves out what another bridge may know: the next one that is connected is asked for the rest. */
  isIncomplete?(answer: z.output<O>): boolean;
  input: I;
  output: O;
}

/** The identity function: it exists for type inference alone. */
export function operation<I extends z.ZodType, O extends z.ZodType>(op: Operation<I, O>): Operation<I, O> {
  return op;
}
