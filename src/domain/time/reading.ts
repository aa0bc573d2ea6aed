import { isWithinYears, readIso } from './iso.ts';
import type { Moment } from './moment.ts';
import { readWords } from './words.ts';

/** An instant in milliseconds since 1970; `hasOffset` when the text names it without regard to zone and clock. */
export type TimeReading = { ms: number; hasOffset: boolean } | { problem: 'unreadable' | 'far' };

/** What a person or an agent may write for a time. */
export const timeForms =
  'ISO 8601 (2025-01-31, 2025-01-31T09:00, 2025-01-31T09:00:00Z) or words: now, today, yesterday, yesterday 18:00, monday, last monday, this week, last month, 30m, 3h, 7d, 2w, 3 months ago';

/**
 * Reads ISO 8601 or words, whatever the case and the spaces. What has no offset is in the zone of `now`: a local time
 * that clocks show twice is the first of the two, one that they skip is the moment of the change. A day, week, month or
 * year is its beginning. Hours and smaller units are lengths; days and greater ones keep the time of day.
 */
export function readTime(text: string, now: Moment): TimeReading {
  const trimmed = text.trim();
  const iso = readIso(trimmed, now.zone);
  const ms = iso ? iso.ms : readWords(trimmed, now);
  if (ms === undefined) return { problem: 'unreadable' };
  if (Number.isNaN(ms) || (!iso && !isWithinYears(ms))) return { problem: 'far' };
  return { ms, hasOffset: iso?.hasOffset ?? false };
}
