import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../config.ts';
import { UnreadableFile } from '../../store/pages/page-file.ts';
import { inspectSchema, type SchemaInspection } from '../../store/salvage/inspect.ts';
import { knownVersion } from '../../store/sqlite/database.ts';
import { type Check, type Finding, fail, ok, warn } from './check.ts';

interface Package {
  version: string;
  engines: { node: string };
}

const ours = (): Package => JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as Package;

/** `[20, 18]` of `>=20.18` and of `v20.18.1`. */
const numbersOf = (version: string): number[] => (version.match(/\d+/g) ?? []).slice(0, 2).map(Number);

export const nodeVersion: Check = {
  name: 'Node',
  run({ nodeVersion: version }) {
    const { node } = ours().engines;
    const [major = 0, minor = 0] = numbersOf(version);
    const [leastMajor = 0, leastMinor = 0] = numbersOf(node);
    if (major > leastMajor || (major === leastMajor && minor >= leastMinor)) return ok(version);
    return fail(`${version} is too old.`, `Install Node ${node.replace('>=', '')} or newer.`);
  },
};

export const settings: Check = {
  name: 'settings',
  run({ settingsFault, isRefused }) {
    if (settingsFault === null) return ok('They can be read.');
    if (isRefused)
      return fail(`${settingsFault}.`, 'Put that right, then run doctor again: nothing else was looked at.');
    return fail(
      `They cannot be used: ${settingsFault}.`,
      'Correct the setting, or the .env of the data directory. Until then this looks at the defaults.',
    );
  },
};

export const packageVersion: Check = {
  name: 'version',
  run: () => ok(`whatsapp-hybrid-mcp ${ours().version}`),
};

const update = 'Update whatsapp-hybrid-mcp: a newer one has written the file.';
const rowsAlone =
  'Stop every server and wa-bridge, then run `whatsapp-hybrid-mcp doctor --salvage <new file> --replace`: it copies the rows and nothing else, and keeps the old file.';

/** Whether messages.db has the tables, indexes and triggers that the migrations make, and no others. */
export const schema: Check = {
  name: 'schema',
  run({ paths }) {
    const known = knownVersion();
    if (!(statSync(paths.messages, { throwIfNoEntry: false })?.size ?? 0)) {
      return ok(`messages.db will be made with version ${known}.`);
    }
    try {
      return compare(inspectSchema(paths.messages, known), known);
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      return warn('The version of messages.db cannot be read.', 'See the check of the databases.');
    }
  },
};

function compare({ version, difference }: SchemaInspection, known: number): Finding {
  if (version > known) return fail(`messages.db has version ${version}; this program knows ${known}.`, update);
  if (difference === undefined) {
    return fail('messages.db is the file of another program.', 'Name another folder in WHATSAPP_DATA_DIR.');
  }
  const { missing, changed, extra, extraCount } = difference;
  const more = extraCount > extra.length ? ` and ${extraCount - extra.length} more` : '';
  const said = [
    extraCount > 0 ? `It has what no version of this program makes: ${extra.join(', ')}${more}.` : '',
    changed.length > 0 ? `It has in another form: ${changed.join(', ')}.` : '',
    missing.length > 0 ? `It lacks: ${missing.join(', ')}.` : '',
  ].filter((sentence) => sentence !== '');
  if (said.length > 0) return fail(`messages.db is not as it must be. ${said.join(' ')}`, rowsAlone);
  return ok(`messages.db has version ${version}${version < known ? ` and will get ${known}` : ''}.`);
}
