import { weekdayOf, weekdays } from './calendar.ts';
import type { Place, Zone } from './zone.ts';

/** An instant, in milliseconds since 1970, and the zone in which the user reads it. */
export interface Moment {
  ms: number;
  zone: Zone;
}

/** What time it is for the user. */
export type Clock = () => Moment;

export function clockIn(zone: Zone, now: () => number = Date.now): Clock {
  return () => ({ ms: now(), zone });
}

/** A moment of which only the day and the hour are asked. */
export interface LocalMoment {
  ms: number;
  zone: Place;
}

/** The same without the part of a second that has begun. */
export const wholeSecond = (ms: number): number => Math.floor(ms / 1000) * 1000;

/** The date of a moment where the user is, as `2025-01-31`. */
export const dateOf = ({ ms, zone }: LocalMoment): string => new Date(zone.localOf(ms)).toISOString().slice(0, 10);

/** The day of the week of a moment where the user is, as `Friday`. */
export function weekdayNameOf({ ms, zone }: LocalMoment): string {
  const name = weekdays[weekdayOf(zone.localOf(ms))] ?? '';
  return name.charAt(0).toUpperCase() + name.slice(1);
}
