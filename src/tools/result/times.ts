import { isPlainObject } from '../../domain/plain-object.ts';
import type { Zone } from '../../domain/time/zone.ts';

/** Fields that hold times, wherever they stand in a result. */
export const timeFields: ReadonlySet<string> = new Set(
  [
    'at as_of since set_at created_at updated_at completed_at expires_at revoked_at timestamp oldest_timestamp cleared_at',
    'muted_until last_message_at last_interaction last_sync_time oldest_message newest_message starts_at now after_time',
    'before_time',
  ].flatMap((line) => line.split(' ')),
);

/** Fields with sentences of ours, which may name times. */
const sentences: ReadonlySet<string> = new Set(['message']);

const utcTime = /(?<![\w+-])(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z(?!\w)/g;

/**
 * The same result or error with its times in this zone. Bridges and the store write them in UTC; here alone, after a tool
 * has answered, they become what the user reads. Texts of other people stay as they are.
 */
export function inZone<T extends object>(result: T, zone: Zone): T {
  return zone.isUtc ? result : (timesIn(result, zone) as T);
}

function timesIn(part: unknown, zone: Zone): unknown {
  if (Array.isArray(part)) return part.map((item) => timesIn(item, zone));
  if (!isPlainObject(part)) return part;
  const fields = Object.entries(part).map(([name, value]): [string, unknown] => [
    name,
    typeof value === 'string' && (timeFields.has(name) || sentences.has(name))
      ? textIn(value, zone)
      : timesIn(value, zone),
  ]);
  return Object.fromEntries(fields);
}

/** The same text with each time in the zone, with its fraction. */
const textIn = (text: string, zone: Zone): string =>
  text.replace(utcTime, (_time, seconds: string, fraction = '') =>
    zone.iso(Date.parse(`${seconds}Z`)).replace(/(?=Z$|[+-]\d\d:\d\d$)/, fraction),
  );
