/**
 * Rows of a chat are numbered from the newest. Every 40th row and the oldest are not messages to a person
 * (system stubs, edits, reactions); the others are counted.
 */
import { type Kind, kindAt } from './message-kind.ts';
import { unit } from './random.ts';
import type { Thread } from './thread.ts';

const every = 40;
const burst = 12;

/** Rows that hold `count` counted ones, without the oldest stub. */
export const rowsFor = (count: number): number => (count ? count + Math.floor((count - 1) / (every - 1)) : 0);

const isLast = (thread: Thread, row: number): boolean => row === thread.rows + thread.olderRows - 1;

/** The kind of a counted row; undefined for other rows. */
export function kindOf(thread: Thread, row: number): Kind | undefined {
  if (row % every === every - 1 || isLast(thread, row)) return undefined;
  let index = row - Math.floor((row + 1) / every);
  for (const section of thread.sections) {
    if (index < section.count) return kindAt(section, index);
    index -= section.count;
  }
  return undefined;
}

/** A change stands directly above the row that it changes. */
export const changedRow = (row: number): number => row + 1;
export const isOldest = isLast;

/** Seconds of one burst of rows when `rows` of them fill `seconds`. */
export const sessionSeconds = (rows: number, seconds: number): number => seconds / Math.ceil(rows / burst);

function slotTime(thread: Thread, row: number): number {
  const { seed, index, span } = thread;
  const session = Math.floor(row / burst);
  const gap = Math.min(90, (span.session * 0.5) / burst);
  const pause = session && unit(seed, index, ~session) * 0.4 * span.session;
  const within = ((row % burst) + unit(seed, index, row) * 0.8) * gap;
  return Math.floor(span.end - session * span.session - pause - within);
}

/** Seconds since 1970; strictly decreasing with the row. Rows come in bursts, as people write. */
export function timeOf(thread: Thread, row: number): number {
  const time = slotTime(thread, row);
  if (row % every !== every - 1 || isLast(thread, row)) return time;
  return Math.min(time, slotTime(thread, changedRow(row)) + 40);
}
