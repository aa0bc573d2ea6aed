import { statSync } from 'node:fs';
import type { DataPaths } from '../../config.ts';
import { AppError, type ErrorCode } from '../../domain/errors.ts';
import type { Db } from '../sqlite/database.ts';
import { openReadable } from '../sqlite/readable.ts';
import { type FedStore, fedStoreOf, readStoreRecords, type StagingMemory } from './fed-store.ts';

/** What stands at the path of messages.db instead of the file that was filled from here. */
export type LostKind = 'missing' | 'empty' | 'other' | 'older';

export interface LostStore {
  kind: LostKind;
  /** About how many messages the lost file held. */
  messages: number;
}

type MemoryPaths = Pick<DataPaths, 'staging' | 'auth'>;

/**
 * Null when messages.db is the file that was filled from here, or when no such file is on record; otherwise what it is.
 * `messages` is undefined for a missing or empty file.
 */
export function lostStore(
  paths: MemoryPaths,
  messages: Db | undefined,
  absent: LostKind = 'missing',
): LostStore | null {
  const { staging, auth } = readStoreRecords(paths);
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

/** What there is instead of a database at this path: no file, or one of 0 bytes; null for a file with content. */
export function absenceKind(path: string): LostKind | null {
  const size = statSync(path, { throwIfNoEntry: false })?.size;
  if (size === undefined) return 'missing';
  return size === 0 ? 'empty' : null;
}

/** The same for the file at its place, which is opened for it. Throws SqliteError, or `store_unavailable`. */
export function findLostStore(paths: MemoryPaths & Pick<DataPaths, 'messages'>): LostStore | null {
  const absent = absenceKind(paths.messages);
  if (absent) return lostStore(paths, undefined, absent);
  const { db } = openReadable(paths.messages);
  try {
    return lostStore(paths, db);
  } finally {
    db.close();
  }
}

const marksOf = (messages: Db, generation: string) =>
  messages
    .prepare<[string], { lane: string; last_seq: number }>(
      'SELECT lane, last_seq FROM main.watermarks WHERE generation = ?',
    )
    .all(generation);

/** Whether staging.db has deleted rows that this messages.db does not count as copied. */
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

/** The error for a lost store. Nothing is copied into the new file until the user decides. */
export function lostStoreError({ kind, messages }: LostStore, code: ErrorCode = 'store_unavailable'): AppError {
  return new AppError(code, words[kind](messages.toLocaleString('en')), {
    hint: nextStep,
    retryable: false,
    details: { file: 'messages.db', reason: kind },
  });
}
