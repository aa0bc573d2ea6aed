import type { DataPaths } from '../../config.ts';
import { AppError, type ErrorCode } from '../../domain/errors.ts';
import type { Db } from '../sqlite/database.ts';
import { type FedStore, fedStoreOf, remembered, type StagingMemory } from './fed-store.ts';

/** What messages.db is in place of the file that was filled from here. */
export type LostKind = 'missing' | 'empty' | 'other' | 'older';

export interface LostStore {
  kind: LostKind;
  /** About how many messages the lost file held. */
  messages: number;
}

type MemoryPaths = Pick<DataPaths, 'staging' | 'auth'>;

/**
 * Whether messages.db is the file that was filled from here; null when it is, or when nothing is known of one. `messages`
 * is undefined for a file that is not there, or empty.
 */
export function lostStore(
  paths: MemoryPaths,
  messages: Db | undefined,
  absent: LostKind = 'missing',
): LostStore | null {
  const { staging, auth } = remembered(paths);
  const notes = [staging?.store, auth].filter((note): note is FedStore => note !== undefined);
  const copied = Math.max(0, ...(staging?.lanes ?? []).map(({ counted_upto }) => counted_upto));
  const held = Math.max(copied, ...notes.map(({ seq }) => seq));
  if (!messages) return held > 0 ? { kind: absent, messages: held } : null;
  const now = fedStoreOf(messages);
  if (notes.some(({ id }) => id !== now?.id)) return { kind: 'other', messages: held };
  if (notes.some(({ seq }) => seq > (now?.seq ?? 0))) return { kind: 'older', messages: held };
  if (!staging || !isBehind(messages, staging)) return null;
  return { kind: marksOf(messages, staging.generation).length > 0 ? 'older' : 'other', messages: held };
}

const marksOf = (messages: Db, generation: string) =>
  messages
    .prepare<[string], { lane: string; last_seq: number }>(
      'SELECT lane, last_seq FROM main.watermarks WHERE generation = ?',
    )
    .all(generation);

/** Whether staging.db has let go of rows that this messages.db does not know to be copied. */
function isBehind(messages: Db, { generation, lanes }: StagingMemory): boolean {
  const marks = marksOf(messages, generation);
  return lanes.some(
    ({ lane, counted_upto }) => counted_upto > (marks.find((mark) => mark.lane === lane)?.last_seq ?? 0),
  );
}

const words: Record<LostKind, (messages: string) => string> = {
  missing: (count) => `messages.db is missing. About ${count} messages had been copied into it.`,
  empty: (count) => `messages.db is empty. About ${count} messages had been copied into it.`,
  other: (count) =>
    `messages.db is not the file into which about ${count} messages were copied: another one has taken its place.`,
  older: (count) => `messages.db is older than it was: about ${count} messages had been copied into it.`,
};

const nextStep =
  'Stop every server, then put the file back, or restore a backup with `whatsapp-hybrid-mcp restore`. Without a backup, run `whatsapp-hybrid-mcp doctor --accept-store`, which goes on with the file as it is; to receive the history once more, unlink the phone and link it again afterwards.';

/** The words for a lost store. Until somebody decides, nothing is copied into the file in its place. */
export function lostStoreError({ kind, messages }: LostStore, code: ErrorCode = 'store_unavailable'): AppError {
  return new AppError(code, words[kind](messages.toLocaleString('en')), {
    hint: nextStep,
    retryable: false,
    details: { file: 'messages.db', reason: kind },
  });
}
