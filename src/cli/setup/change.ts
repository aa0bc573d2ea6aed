import { isDeepStrictEqual } from 'node:util';
import { UserError } from '../refusal.ts';
import type { Entry } from './entry.ts';

export type Fields = Record<string, unknown>;

/** Where in a file the entry stands: the table of servers, and our name in it. */
export type Place = readonly [table: string, name: string];

export const isTable = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What stands at the place now. Throws Refusal when something else stands where a table belongs. */
export function standing(root: unknown, [table, name]: Place): Fields | undefined {
  if (!isTable(root)) throw unreadable('it holds no table');
  const servers = root[table] ?? {};
  if (!isTable(servers)) throw unreadable(`${table} is no table`);
  const found = servers[name];
  if (found !== undefined && !isTable(found)) throw unreadable(`${table}.${name} is no table`);
  return found;
}

/** The entry over what stands there: fields and variables that we say nothing about stay as the user has them. */
export function merged(found: Fields | undefined, { env, ...entry }: Entry & Fields): Fields {
  const kept = isTable(found?.['env']) ? found['env'] : {};
  const all = { ...kept, ...env };
  return { ...found, ...entry, ...(Object.keys(all).length > 0 && { env: all }) };
}

/** Throws Refusal unless the new contents are the old ones with this entry and nothing else changed. */
export function assertOnlyChange(before: unknown, after: unknown, [table, name]: Place, entry: Fields): void {
  const root = isTable(before) ? before : {};
  const servers = isTable(root[table]) ? root[table] : {};
  const wanted = { ...root, [table]: { ...servers, [name]: entry } };
  if (!isDeepStrictEqual(plain(after), plain(wanted)))
    throw unreadable('it is written in a way we cannot change safely');
}

/** Without the prototypes by which parsers differ. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

export function unreadable(why: string, cause?: unknown): UserError {
  return new UserError(
    `The file was left as it is: ${why}.`,
    'Mend it first, or add the entry by hand: the same command with --print shows it.',
    { cause },
  );
}
