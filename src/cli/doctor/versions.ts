import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../config.ts';
import { knownVersion } from '../../store/database.ts';
import { inspectDatabase } from '../../store/inspect.ts';
import { type Check, fail, ok, warn } from './check.ts';

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

export const packageVersion: Check = {
  name: 'version',
  run: () => ok(`whatsapp-hybrid-mcp ${ours().version}`),
};

export const schema: Check = {
  name: 'schema',
  run({ paths }) {
    const known = knownVersion();
    if (!existsSync(paths.messages)) return ok(`messages.db will be made with version ${known}.`);
    const { schema_version, fault } = inspectDatabase(paths.messages);
    if (fault) return warn('The version of messages.db cannot be read.', 'See the check of the databases.');
    if (schema_version <= known) {
      return ok(`messages.db has version ${schema_version}${schema_version < known ? ` and will get ${known}` : ''}.`);
    }
    return fail(
      `messages.db has version ${schema_version}; this program knows ${known}.`,
      'Update whatsapp-hybrid-mcp: a newer one has written the file.',
    );
  },
};
