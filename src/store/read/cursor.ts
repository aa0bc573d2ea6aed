import * as z from 'zod';
import { AppError } from '../../domain/errors.ts';
import type { Page } from '../reader.ts';

/** Where a page of a list ended: the key of its last row, so that newly arrived rows do not shift the next page. */
const places = {
  /** Search results: timestamp and seq. */
  query: z.tuple([z.int(), z.int()]),
  /** Messages of one chat: timestamp and message id. */
  messages: z.tuple([z.int(), z.string()]),
  /** Chats by activity: how well they match, time (-1 for none) and row. */
  last_active: z.tuple([z.int(), z.int(), z.int()]),
  /** Chats by name: how well they match, folded name (nameless ones last) and row. */
  name: z.tuple([z.int(), z.string(), z.int()]),
  /** Contacts: how well they match, name and JID. */
  contacts: z.tuple([z.int(), z.string(), z.string()]),
  /** Products and collections: the id of the last one, assigned by its business. */
  entry: z.tuple([z.string()]),
  /** Checkpoints: time of change and chat. */
  checkpoints: z.tuple([z.int(), z.int()]),
};
export type CursorKind = keyof typeof places;
export type Place<K extends CursorKind> = z.output<(typeof places)[K]>;

/** An opaque text for `decodeCursor` of the same kind. */
export function encodeCursor<K extends CursorKind>(kind: K, place: Place<K>): string {
  return Buffer.from(JSON.stringify({ [kind]: place })).toString('base64url');
}

/** Throws `invalid_input` when the text is not a cursor of this kind. */
export function decodeCursor<K extends CursorKind>(kind: K, cursor: string | undefined): Place<K> | undefined {
  if (cursor === undefined) return undefined;
  const parsed = z.strictObject({ [kind]: places[kind] }).safeParse(parseJson(cursor));
  if (!parsed.success) {
    throw new AppError('invalid_input', 'cursor is not a next_cursor of this tool; leave it out to start again.');
  }
  return (parsed.data as Record<K, Place<K>>)[kind];
}

/** The first `limit` rows as a page; further rows only say that there are more. */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  view: (row: R) => T,
  cursorAfter: (row: R) => string,
): Page<T> {
  const shown = rows.slice(0, limit);
  const cursors = shown.map(cursorAfter);
  return { items: shown.map(view), next_cursor: rows.length > limit ? (cursors.at(-1) ?? null) : null, cursors };
}

function parseJson(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}

export const maxPageSize = 500;

/** Throws `invalid_input` when the page size is out of range. */
export function requireLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxPageSize) return limit;
  throw new AppError('invalid_input', `limit must be a whole number from 1 to ${maxPageSize}.`);
}
