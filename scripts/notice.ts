import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { daemonFolder } from '../bridges/whatsmeow/build.ts';
import { packageRoot } from '../src/package.ts';

/** Licences that only require keeping a notice. */
const permissive =
  /^\(?(MIT|ISC|BSD-[23]-Clause|Apache-2\.0|BlueOak-1\.0\.0|0BSD|Unlicense)( OR [\w.-]+)*\)?$|^\(MIT OR WTFPL\)$/;

/**
 * The licence of every Go module in wa-bridge. A module of go.mod that is missing here fails the generation of NOTICE;
 * a test compares each with the module's licence text.
 */
export const moduleLicences: Readonly<Record<string, string>> = {
  'filippo.io/edwards25519': 'BSD-3-Clause',
  'github.com/beeper/argo-go': 'MIT',
  'github.com/coder/websocket': 'ISC',
  'github.com/dustin/go-humanize': 'MIT',
  'github.com/elliotchance/orderedmap/v3': 'MIT',
  'github.com/google/uuid': 'BSD-3-Clause',
  'github.com/mattn/go-colorable': 'MIT',
  'github.com/mattn/go-isatty': 'MIT',
  'github.com/ncruces/go-strftime': 'MIT',
  'github.com/petermattis/goid': 'Apache-2.0',
  'github.com/remyoudompheng/bigfft': 'BSD-3-Clause',
  'github.com/rs/zerolog': 'MIT',
  'github.com/vektah/gqlparser/v2': 'MIT',
  'go.mau.fi/libsignal': 'GPL-3.0',
  'go.mau.fi/util': 'MPL-2.0',
  'go.mau.fi/whatsmeow': 'MPL-2.0',
  'golang.org/x/crypto': 'BSD-3-Clause',
  'golang.org/x/exp': 'BSD-3-Clause',
  'golang.org/x/net': 'BSD-3-Clause',
  'golang.org/x/sync': 'BSD-3-Clause',
  'golang.org/x/sys': 'BSD-3-Clause',
  'golang.org/x/text': 'BSD-3-Clause',
  'google.golang.org/protobuf': 'BSD-3-Clause',
  'modernc.org/libc': 'BSD-3-Clause',
  'modernc.org/mathutil': 'BSD-3-Clause',
  'modernc.org/memory': 'BSD-3-Clause',
  'modernc.org/sqlite': 'BSD-3-Clause',
};

export interface Part {
  name: string;
  version: string;
  licence: string;
}

/** The modules in go.mod. Throws for one without an entry in `moduleLicences`. */
export function goModules(goMod = readFileSync(join(daemonFolder(), 'go.mod'), 'utf8')): Part[] {
  return [...goMod.matchAll(/^\s+(\S+) (v\S+)/gm)].map(([, name = '', version = '']) => {
    const licence = moduleLicences[name];
    if (licence === undefined) throw new Error(`go.mod names ${name}: add its licence to scripts/notice.ts`);
    return { name, version, licence };
  });
}

interface Lock {
  packages: Record<string, { version?: string; license?: string; dev?: boolean; devOptional?: boolean }>;
}

/** The packages that npm installs with ours, from package-lock.json; includes other systems. */
export function npmPackages(lock: Lock = readLock()): Part[] {
  return Object.entries(lock.packages)
    .filter(([path, { dev, devOptional }]) => path !== '' && !dev && !devOptional)
    .map(([path, { version = '', license = 'none is named' }]) => ({
      name: path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length),
      version,
      licence: license,
    }));
}

function readLock(): Lock {
  return JSON.parse(readFileSync(join(packageRoot(), 'package-lock.json'), 'utf8')) as Lock;
}

/** The lists in NOTICE: parts whose licences require more than a notice, and the number of the others. */
export function noticeLists(npm: readonly Part[], go: readonly Part[]): string {
  const list = (parts: readonly Part[]) => {
    const strict = parts.filter(({ licence }) => !permissive.test(licence)).map(line);
    const others = new Set(parts.map(({ licence }) => licence).filter((licence) => permissive.test(licence)));
    const count = parts.length - strict.length;
    return [...strict.sort(), `  ${count} more under ${[...others].sort().join(', ')}`].join('\n');
  };
  return `npm packages that \`npm install\` fetches, and that a bundle (.mcpb) contains as far as
its system has them:

${list(npm)}

Go modules that the sources in bridges/whatsmeow/daemon fetch when wa-bridge is
built, and that a built wa-bridge contains:

${list(go)}`;
}

const line = ({ name, version, licence }: Part): string => `  ${name} ${version}: ${licence}`;
