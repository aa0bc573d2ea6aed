/** Days, weeks and months of local times: what a clock shows, as milliseconds since 1970 of a clock in UTC. */

export const dayMs = 86_400_000;
const daysOfWeek = 7;

export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** The day of this date; undefined for one that no calendar has. Months count from 1. */
export function dayOf(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const exists = date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
  return exists ? date.getTime() : undefined;
}

export const startOfDay = (local: number): number => Math.floor(local / dayMs) * dayMs;

/** Days since Monday. */
export const weekdayOf = (local: number): number => (new Date(local).getUTCDay() + daysOfWeek - 1) % daysOfWeek;

/** Weeks begin on Monday, as in ISO 8601. */
export const startOfWeek = (local: number): number => startOfDay(local) - weekdayOf(local) * dayMs;

export const startOfMonth = (local: number): number => dateOf(local, (date) => date.setUTCDate(1));

export const startOfYear = (local: number): number => dateOf(local, (date) => date.setUTCMonth(0, 1));

const dateOf = (local: number, change: (date: Date) => number): number => change(new Date(startOfDay(local)));

export const addDays = (local: number, days: number): number => local + days * dayMs;

/** The same day and time so many months later; the last day of a month that is too short. */
export function addMonths(local: number, months: number): number {
  const date = new Date(local);
  const day = date.getUTCDate();
  date.setUTCMonth(date.getUTCMonth() + months);
  return date.getUTCDate() === day ? date.getTime() : date.setUTCDate(0);
}
