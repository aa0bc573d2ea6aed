import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waBridgeBinary } from '../wire/wa-bridge.ts';
import { temporaryDir } from './program.ts';

/** A Go that builds until it is told how that ends, and a machine on which nothing was ever built. */
export function fakeGo() {
  const folder = temporaryDir();
  const file = (name: string) => join(folder, name);
  const script = `#!/bin/sh
if [ "$1" = version ]; then echo 'go version go1.99.0 linux/amd64'; exit; fi
echo $$ >> '${file('builds')}'
until [ -e '${file('outcome')}' ]; do sleep 0.1; done
. '${file('outcome')}'
while [ "$1" != -o ]; do shift; done
cp '${waBridgeBinary}' "$2"
`;
  writeFileSync(file('go'), script, { mode: 0o755 });
  const cache = temporaryDir();
  const built = join(cache, 'whatsapp-hybrid-mcp', 'bridge');
  return {
    env: { PATH: `${folder}:${process.env['PATH']}`, XDG_CACHE_HOME: cache, WHATSAPP_BRIDGE: 'auto' },
    /** The processes of the compilers, one for each build that began. */
    builds: () =>
      existsSync(file('builds')) ? readFileSync(file('builds'), 'utf8').trim().split('\n').map(Number) : [],
    succeed: () => writeFileSync(file('outcome'), ''),
    fail: (said: string) => writeFileSync(file('outcome'), `echo '${said}' >&2; exit 1\n`),
    kept: () => (existsSync(built) ? readdirSync(built) : []),
  };
}
