import * as z from 'zod';
import { AppError } from '../domain/errors.ts';
import { dateOf, type Moment } from '../domain/time/moment.ts';
import { readTime, timeForms } from '../domain/time/reading.ts';

const Time = z.string().max(100).optional();

/** From then, and before then: both mean the beginning of a day. */
export const timeArguments = {
  after_time: Time.describe('From then: ISO 8601, a date or words: today, 7d, last monday.'),
  before_time: Time.describe('Before then.'),
};

/** What a list says of times that were given in words or without an offset: the instants that they were taken for. */
export const timeUsed = {
  time_used: z
    .object({
      after_time: z.string().optional(),
      before_time: z.string().optional(),
      zone: z.string(),
      today: z.string(),
    })
    .optional(),
};

type Argument = keyof typeof timeArguments;
type Used = Partial<Record<Argument, string>> & { zone: string; today: string };

export interface TimeRange {
  /** Seconds since 1970; `after` inclusive, `before` exclusive. */
  range: { after?: number; before?: number };
  /** Fields of the result. */
  used: { time_used?: Used };
}

const problems = {
  unreadable: 'no time that can be read',
  far: 'outside of the years 1 to 9999',
};

/** Reads both arguments at one moment. Throws `invalid_input` that names the argument and, in its hint, what it takes. */
export function timeRange(given: { [K in Argument]?: string | undefined }, now: Moment): TimeRange {
  const readings = (Object.keys(timeArguments) as Argument[]).flatMap((name) => {
    const text = given[name];
    return text === undefined ? [] : [{ name, reading: readTime(text, now) }];
  });
  const wrong = readings.flatMap(({ name, reading }) =>
    'problem' in reading ? [`${name}: ${problems[reading.problem]}.`] : [],
  );
  if (wrong.length > 0) throw new AppError('invalid_input', wrong.join(' '), { hint: `A time is ${timeForms}.` });
  const read = readings.flatMap(({ name, reading }) => ('problem' in reading ? [] : [{ name, ...reading }]));
  const seconds = (wanted: Argument) => {
    const found = read.find(({ name }) => name === wanted);
    return found && Math.ceil(found.ms / 1000);
  };
  const [after, before] = [seconds('after_time'), seconds('before_time')];
  const range = { ...(after !== undefined && { after }), ...(before !== undefined && { before }) };
  if (read.every(({ hasOffset }) => hasOffset)) return { range, used: {} };
  const instants = read.map(({ name, ms }) => [name, now.zone.iso(Math.ceil(ms / 1000) * 1000)]);
  const time_used = { ...Object.fromEntries(instants), zone: now.zone.name, today: dateOf(now) };
  return { range, used: { time_used } };
}
