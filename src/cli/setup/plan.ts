import { isPlainObject } from '../../domain/plain-object.ts';
import { UserError } from '../refusal.ts';
import { currentEntry, type Entry, type EntryPath } from './change.ts';
import type { Client } from './clients.ts';
import { difference } from './difference.ts';
import { ownName, serverName, throughWsl } from './entry.ts';
import { readJson, withJsonEntry } from './json-file.ts';
import type { Place } from './places.ts';
import { readText } from './replace-file.ts';
import { readToml, withTomlEntry } from './toml-file.ts';

/** What belongs into one configuration file, and how the file changes. */
export interface Plan {
  file: string;
  path: EntryPath;
  entry: Entry;
  /** The text of the file; undefined when it does not exist. */
  before: string | undefined;
  after: string;
}

/** Reads the file and adds the entry to its text. Throws UserError when the file has no place for it. */
export function planFor(client: Client, start: Entry, place: Place): Plan {
  const { file } = place;
  const entry = entryAt(start, place);
  try {
    const before = readText(file);
    const path: EntryPath = [client.table, nameIn(client, before ?? '')];
    return { file, path, entry, before, after: edited(client, before ?? '', path, entry) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`${file}: ${error.message}`, error.nextStep, { cause: error });
  }
}

/** The same for a file that is not read, for a person who edits it. */
export function blankPlan(client: Client, start: Entry, place: Place): Plan {
  const entry = entryAt(start, place);
  const path: EntryPath = [client.table, serverName];
  return { file: place.file, path, entry, before: undefined, after: edited(client, '', path, entry) };
}

/** The change of our entry; the rest of the file neither changes nor appears. */
export function shownChange(client: Client, { path, before = '', after }: Plan): string {
  const entry = (text: string) => currentEntry(contents(client, text), path);
  return difference(entry(before), entry(after) ?? {});
}

const entryAt = (start: Entry, { wsl }: Place): Entry => (wsl === undefined ? start : throughWsl(start, wsl));

const contents = ({ format }: Client, text: string): unknown => (format === 'json' ? readJson : readToml)(text);

function nameIn(client: Client, text: string): string {
  const root = contents(client, text);
  const name = ownName(isPlainObject(root) ? root[client.table] : undefined);
  if (name !== undefined) return name;
  throw new UserError(
    'Both names that we would take for the server belong to other servers there.',
    'Rename one of them, or add the entry by hand under another name: the same command with --print shows it.',
  );
}

function edited({ format, namesTransport }: Client, text: string, path: EntryPath, entry: Entry): string {
  const fields = { ...(namesTransport && { type: 'stdio' }), ...entry };
  return (format === 'json' ? withJsonEntry : withTomlEntry)(text, path, fields);
}
