import { homedir } from 'node:os';
import { packageRoot } from '../package.ts';
import type { Sources } from '../settings.ts';
import type { Asker } from './ask.ts';
import type { EntryPath } from './setup/change.ts';
import { type Client, type ClientName, clients, type Machine } from './setup/clients.ts';
import { difference } from './setup/difference.ts';
import { type Entry, entryOf, serverName } from './setup/entry.ts';
import { jsonEntry, withJsonEntry } from './setup/json-file.ts';
import { readText, replaceFile } from './setup/replace-file.ts';
import { tomlEntry, withTomlEntry } from './setup/toml-file.ts';
import type { Terminal } from './terminal.ts';

export interface SetupOptions {
  /** Only shows what belongs into the file; reads and writes nothing. */
  print?: boolean;
  yes?: boolean;
  json?: boolean;
}

interface Change {
  client: ClientName;
  file: string;
  entry: Entry;
  before: string | undefined;
  after: string;
}

const thisMachine = (): Machine => ({ platform: process.platform, home: homedir(), env: process.env });

interface Surroundings {
  terminal: Terminal;
  asker: Asker;
  machine?: Machine;
}

/**
 * Adds the server to a client's configuration, after asking which client; exit code 0 when the client has it, 1 when
 * the user declines.
 */
export async function setup(
  named: ClientName | '',
  flags: Sources,
  options: SetupOptions,
  surroundings: Surroundings,
): Promise<number> {
  const choices = Object.entries(clients).map(([value, { title }]) => ({ value, label: title }));
  const client = named || (await surroundings.asker.choose('Which client is it?', choices));
  return client === undefined ? 1 : tell(client as ClientName, flags, options, surroundings);
}

async function tell(
  client: ClientName,
  flags: Sources,
  options: SetupOptions,
  { terminal, asker, machine = thisMachine() }: Surroundings,
): Promise<number> {
  const { title, nextStep, file: fileOn }: Client = clients[client];
  const file = fileOn(machine);
  const entry = entryOf(flags, { platform: machine.platform, root: packageRoot(), node: process.execPath });
  const say = options.json === true ? () => {} : terminal.say;
  const report = (outcome: object) =>
    options.json === true && terminal.say(JSON.stringify({ client, file, entry, ...outcome }, null, 2));
  if (options.print === true) {
    say(`${title} reads ${file}. In there belongs:\n\n${edited(client, '', entry)}`);
    report({ changed: false });
    return 0;
  }
  const before = readText(file);
  const change: Change = { client, file, entry, before, after: edited(client, before ?? '', entry) };
  if (change.after === before) {
    say(`${title} knows the server already: ${file} stays as it is.`);
    report({ changed: false });
    return 0;
  }
  say(`${file}, ${placeIn(client).join('.')}:\n\n${shownChange(change)}\n`);
  if (options.yes !== true && !(await asker.confirm(`Change the settings of ${title} like this?`))) {
    say('Nothing was changed.');
    report({ changed: false });
    return 1;
  }
  const backup = replaceFile(file, before, change.after);
  say(`✅ Written.${backup === null ? '' : ` The file as it was: ${backup}`}\n${nextStep}`);
  report({ changed: true, backup });
  return 0;
}

const placeIn = (client: ClientName): EntryPath => [clients[client].table, serverName];

function edited(client: ClientName, text: string, entry: Entry): string {
  const { format, namesTransport }: Client = clients[client];
  const fields = { ...(namesTransport && { type: 'stdio' }), ...entry };
  return (format === 'json' ? withJsonEntry : withTomlEntry)(text, placeIn(client), fields);
}

/** The change of our entry; the rest of the file neither changes nor appears. */
function shownChange({ client, before = '', after }: Change): string {
  const entryIn = clients[client].format === 'json' ? jsonEntry : tomlEntry;
  return difference(entryIn(before, placeIn(client)), entryIn(after, placeIn(client)) ?? {});
}
