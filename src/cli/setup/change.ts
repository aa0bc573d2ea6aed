import { isDeepStrictEqual } from 'node:util';
import { isPlainObject, type PlainObject } from '../../domain/plain-object.ts';
import { UserError } from '../refusal.ts';

/** The command with which a client starts our server. */
export interface Entry {
  command: string;
  args: string[];
  env?: Record<string, string>;
}

/** The position of the entry in a file: the table of servers, and our name in it. */
export type EntryPath = readonly [table: string, name: string];

/** The current value at the place. Throws UserError when the table has another type. */
export function currentEntry(root: unknown, [table, name]: EntryPath): PlainObject | undefined {
  if (!isPlainObject(root)) throw unreadable('it holds no table');
  const servers = root[table] ?? {};
  if (!isPlainObject(servers)) throw unreadable(`${table} is no table`);
  const found = servers[name];
  if (found !== undefined && !isPlainObject(found)) throw unreadable(`${table}.${name} is no table`);
  return found;
}

/** The entry merged over the current one: keeps the user's other fields and variables, but no other transport. */
export function mergedEntry(found: PlainObject | undefined, { env, ...entry }: Entry & PlainObject): PlainObject {
  const kept = isPlainObject(found?.['env']) ? found['env'] : {};
  const all = { ...kept, ...env };
  const others = Object.entries(found ?? {}).filter(([name, value]) => !isOfNetwork(name, value));
  return { ...Object.fromEntries(others), ...entry, ...(Object.keys(all).length > 0 && { env: all }) };
}

/** Fields by which clients reach servers over the network; beside a command they would win or confuse. */
const networkFields = ['url', 'serverUrl', 'httpUrl', 'headers', 'transport', 'bearer_token_env_var'];
const isOfNetwork = (name: string, value: unknown): boolean =>
  networkFields.includes(name) || (name === 'type' && value !== 'stdio');

/** Throws UserError unless the new contents differ from the old ones only in this entry. */
export function assertOnlyChange(before: unknown, after: unknown, [table, name]: EntryPath, entry: PlainObject): void {
  const root = isPlainObject(before) ? before : {};
  const servers = isPlainObject(root[table]) ? root[table] : {};
  const wanted = { ...root, [table]: { ...servers, [name]: entry } };
  if (!isDeepStrictEqual(plain(after), plain(wanted)))
    throw unreadable('it is written in a way we cannot change safely');
}

/** Removes prototypes, in which parsers differ. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

export function unreadable(why: string, cause?: unknown): UserError {
  return new UserError(
    `The file was left as it is: ${why}.`,
    'Mend it first, or add the entry by hand: the same command with --print shows it.',
    { cause },
  );
}
