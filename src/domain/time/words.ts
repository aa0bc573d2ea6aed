import {
  addDays,
  addMonths,
  startOfDay,
  startOfMonth,
  startOfWeek,
  startOfYear,
  weekdayOf,
  weekdays,
} from './calendar.ts';
import { isWithinYears } from './iso.ts';
import type { Moment } from './moment.ts';

/** A unit is a length, or a step in the calendar that keeps the time of day. */
type Unit = { names: string } & ({ ms: number } | { step(local: number, count: number): number });

const weeks = (local: number, count: number) => addDays(local, 7 * count);
const years = (local: number, count: number) => addMonths(local, 12 * count);

const units: readonly Unit[] = [
  { names: 'seconds?|secs?|s', ms: 1000 },
  { names: 'minutes?|mins?|m', ms: 60_000 },
  { names: 'hours?|hrs?|h', ms: 3_600_000 },
  { names: 'days?|d', step: addDays },
  { names: 'weeks?|wks?|w', step: weeks },
  { names: 'months?|mos?', step: addMonths },
  { names: 'years?|yrs?|y', step: years },
];
const unit = units.map(({ names }) => names).join('|');
const span = `(?:\\d+|an?)(?:${unit})`;
const eachSpan = new RegExp(`(\\d+|an?)(${unit})(?=\\d|a|$)`, 'g');
const clockTime = '(?:at)?(\\d\\d?):(\\d\\d)';

const days: Readonly<Record<string, number>> = {
  daybeforeyesterday: -2,
  yesterday: -1,
  today: 0,
  tomorrow: 1,
  dayaftertomorrow: 2,
};
const day = Object.keys(days).join('|');
const weekday = weekdays.flatMap((name) => [name, name.slice(0, 3)]).join('|');

const turns: Readonly<Record<string, number>> = { last: -1, this: 0, next: 1 };
const periods = {
  week: { start: startOfWeek, move: weeks },
  month: { start: startOfMonth, move: addMonths },
  year: { start: startOfYear, move: years },
};

type Found = readonly (string | undefined)[];
type Rule = readonly [form: string, read: (found: Found, now: Moment) => number | undefined];

/** Forms of texts in small letters without spaces, each with the instant that it names; NaN for one beyond all years. */
const rules: readonly Rule[] = [
  ['now', (_found, { ms }) => ms],
  [`(${day})(?:${clockTime})?`, ([name = '', ...time], now) => atTime(addDays(today(now), days[name] ?? 0), time, now)],
  [clockTime, (time, now) => atTime(today(now), time, now)],
  [
    `(last|next)?(${weekday})(?:${clockTime})?`,
    ([turn, name = '', ...time], now) => atTime(onWeekday(turn, name, now), time, now),
  ],
  [
    '(last|this|next)(week|month|year)',
    ([turn = '', name = ''], now) => startOf(turn, name as keyof typeof periods, now),
  ],
  [`(-|last|past)?((?:${span})+)`, ([, spans = ''], now) => shift(spans, -1, now)],
  [`((?:${span})+)ago`, ([spans = ''], now) => shift(spans, -1, now)],
  [`past(${unit})`, ([name = ''], now) => shift(`1${name}`, -1, now)],
  [`in((?:${span})+)`, ([spans = ''], now) => shift(spans, 1, now)],
];
const forms = rules.map(([form, read]) => ({ pattern: new RegExp(`^(?:since|from|on|the)*${form}$`), read }));

/**
 * The instant that words such as `yesterday`, `7d` or `last monday` name where the user is: the beginning of a day, week,
 * month or year, or now moved by a span. Undefined when they name none, NaN when it is beyond all years.
 */
export function readWords(text: string, now: Moment): number | undefined {
  if (/\d\s+\d/.test(text)) return undefined;
  const plain = text
    .toLowerCase()
    .replace(/(?<=\p{L})[-_](?=\p{L})/gu, '')
    .replace(/\s+/g, '');
  for (const { pattern, read } of forms) {
    const found = pattern.exec(plain);
    if (found) return read(found.slice(1), now);
  }
  return undefined;
}

const today = ({ ms, zone }: Moment): number => startOfDay(zone.localOf(ms));

const instantOf = (local: number, { zone }: Moment): number =>
  isWithinYears(local) ? zone.instantOf(local) : Number.NaN;

function atTime(start: number, [hours = '0', minutes = '0']: Found, now: Moment): number | undefined {
  if (Number(hours) > 23 || Number(minutes) > 59) return undefined;
  return instantOf(start + (Number(hours) * 60 + Number(minutes)) * 60_000, now);
}

/** The latest such day that has begun; with `last` the latest before today, with `next` the first after it. */
function onWeekday(turn: string | undefined, name: string, now: Moment): number {
  const start = today(now);
  const wanted = weekdays.findIndex((one) => one.startsWith(name));
  const since = (weekdayOf(start) - wanted + 7) % 7;
  if (turn === 'next') return addDays(start, 7 - since);
  return addDays(start, turn === 'last' && since === 0 ? -7 : -since);
}

function startOf(turn: string, name: keyof typeof periods, now: Moment): number {
  const { start, move } = periods[name];
  return instantOf(move(start(today(now)), turns[turn] ?? 0), now);
}

/** Now moved by spans such as `2d3h`: first in the calendar, then by lengths. */
function shift(spans: string, direction: 1 | -1, now: Moment): number {
  const local = now.zone.localOf(now.ms);
  let moved = local;
  let length = 0;
  for (const [, count = '', name = ''] of spans.matchAll(eachSpan)) {
    const size = direction * (/\d/.test(count) ? Number(count) : 1);
    const found = units.find(({ names }) => new RegExp(`^(?:${names})$`).test(name));
    if (found && 'step' in found) moved = found.step(moved, size);
    else length += size * (found?.ms ?? Number.NaN);
  }
  return (moved === local ? now.ms : instantOf(moved, now)) + length;
}
