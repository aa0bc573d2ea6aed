import { dayOf } from './calendar.ts';
import type { Zone } from './zone.ts';

const firstYearMs = -62_135_596_800_000;
const afterYearsMs = 253_402_300_800_000;

/** Whether this lies in the years 1 to 9999, which ISO 8601 writes with four digits. */
export const isWithinYears = (ms: number): boolean => ms >= firstYearMs && ms < afterYearsMs;

const date = '(\\d{4})(?:-(\\d\\d)(?:-(\\d\\d))?)?';
const time = '(\\d\\d):(\\d\\d)(?::(\\d\\d)(?:[.,](\\d{1,9}))?)?';
const offset = '(z|([+-])(\\d\\d)(?::?(\\d\\d))?)';
const form = new RegExp(`^${date}(?:(?<=-\\d\\d-\\d\\d)[t ]${time} ?${offset}?)?$`, 'i');

/**
 * Reads ISO 8601: a year, month or day means its beginning; without an offset, and always without a time, where the user
 * is. Undefined for other text and for times that do not exist, NaN for the year 0. `hasOffset`: the same anywhere.
 */
export function readIso(text: string, zone: Zone): { ms: number; hasOffset: boolean } | undefined {
  const found = form.exec(text);
  if (!found) return undefined;
  const [, year, month = '1', day = '1', hours = '0', minutes = '0', seconds = '0', fraction = '', ...zoned] = found;
  const start = dayOf(Number(year), Number(month), Number(day));
  const timeOfDay = timeMs(Number(hours), Number(minutes), Number(seconds));
  const ahead = offsetMs(zoned);
  if (start === undefined || timeOfDay === undefined || ahead === undefined) return undefined;
  const local = start + timeOfDay + Math.ceil(Number(`0.${fraction || 0}`) * 1000);
  const hasOffset = ahead !== null;
  if (!isWithinYears(local)) return { ms: Number.NaN, hasOffset };
  return { ms: hasOffset ? local - ahead : zone.instantOf(local), hasOffset };
}

/** 24:00 ends a day. */
function timeMs(hours: number, minutes: number, seconds: number): number | undefined {
  const ms = ((hours * 60 + minutes) * 60 + seconds) * 1000;
  return minutes < 60 && seconds < 60 && ms <= 24 * 3_600_000 ? ms : undefined;
}

/** Milliseconds ahead of UTC; null for no offset, undefined for one that cannot be. */
function offsetMs([text, sign, hours = '0', minutes = '0']: readonly (string | undefined)[]):
  | number
  | null
  | undefined {
  if (text === undefined) return null;
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  const size = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === '-' ? -size : size;
}
