import type { proto } from '@whiskeysockets/baileys';
import type { ChunkPlan } from '../world/plan.ts';

/**
 * Faults of one part of a history: never sent, sent after a pause, sent twice, merged with the next, sent after the
 * next, its file missing on the server, its content damaged, its address pairs sent only with the last part.
 */
export const historyFaults = [
  'drop',
  'delay',
  'duplicate',
  'merge',
  'reorder',
  'missing',
  'corrupt',
  'late_mappings',
] as const;
export type HistoryFault = (typeof historyFaults)[number];

/** A part of a history to send, with its fault. */
export type SentChunk = ChunkPlan & { delayMs?: number; broken?: 'missing' | 'corrupt' };

const DELAY_MS = 400;

/** The lists that one part of a history can have. */
const lists = ['conversations', 'statusV3Messages', 'pushnames', 'phoneNumberToLidMappings'] as const;

function joined(first: proto.IHistorySync, second: proto.IHistorySync): proto.IHistorySync {
  const both = lists.map((name) => [name, [...(first[name] ?? []), ...(second[name] ?? [])]]);
  return { ...first, ...second, ...Object.fromEntries(both) };
}

/** Merges two parts under the second header, as a phone does that sends several parts in one. */
function merged(first: ChunkPlan, second: ChunkPlan): ChunkPlan {
  return { ...second, build: () => joined(first.build(), second.build()) };
}

/** Withholds the address pairs of the parts before the last. */
function withoutMappings(chunk: ChunkPlan, kept: proto.IPhoneNumberToLIDMapping[]): ChunkPlan {
  const { phoneNumberToLidMappings } = chunk.build();
  kept.push(...(phoneNumberToLidMappings ?? []));
  return { ...chunk, build: () => ({ ...chunk.build(), phoneNumberToLidMappings: [] }) };
}

function withMappings(chunk: ChunkPlan, mappings: proto.IPhoneNumberToLIDMapping[]): ChunkPlan {
  return { ...chunk, build: () => joined(chunk.build(), { ...headOf(chunk), phoneNumberToLidMappings: mappings }) };
}

const headOf = ({ syncType, chunkOrder, progress }: ChunkPlan) => ({ syncType, chunkOrder, progress });

/** Faults of the history, one for each of the next parts. */
export class HistoryFaults {
  private readonly planned: { fault: HistoryFault; skip: number }[] = [];

  plan(fault: HistoryFault, times: number, skip: number): void {
    for (let i = 0; i < times; i++) this.planned.push({ fault, skip: i === 0 ? skip : 0 });
  }

  /**
   * A late mapping affects all parts from its position on; every other fault affects one part, and sometimes the next.
   */
  *inject(plan: Iterable<ChunkPlan>): Generator<SentChunk> {
    const chunks = plan[Symbol.iterator]();
    const pairs: proto.IPhoneNumberToLIDMapping[] = [];
    let late = false;
    for (let next = chunks.next(); !next.done; ) {
      const fault = this.take();
      late ||= fault === 'late_mappings';
      const chunk = next.value;
      next = chunks.next();
      const following = next.done ? undefined : next.value;
      const own = (one: ChunkPlan): ChunkPlan =>
        late && one.build().conversations ? withoutMappings(one, pairs) : one;
      const isLast = !following;
      const mine = isLast && late ? withMappings(chunk, pairs) : own(chunk);
      if ((fault === 'merge' || fault === 'reorder') && following) {
        next = chunks.next();
        const second = next.done && late ? withMappings(following, pairs) : own(following);
        if (fault === 'merge') yield merged(mine, second);
        else yield* [second, mine];
      } else yield* faulty(fault, mine);
    }
  }

  private take(): HistoryFault | undefined {
    const first = this.planned[0];
    if (!first || first.skip-- > 0) return undefined;
    return this.planned.shift()?.fault;
  }
}

function* faulty(fault: HistoryFault | undefined, chunk: ChunkPlan): Generator<SentChunk> {
  if (fault === 'drop') return;
  if (fault === 'delay') yield { ...chunk, delayMs: DELAY_MS };
  else if (fault === 'missing' || fault === 'corrupt') yield { ...chunk, delivery: 'blob', broken: fault };
  else yield chunk;
  if (fault === 'duplicate') yield chunk;
}
