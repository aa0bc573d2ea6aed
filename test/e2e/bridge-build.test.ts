import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clientEnv, startProgram, temporaryDir } from '../support/e2e/program.ts';
import { until } from '../support/poll.ts';

/** A fake Go that prints its version and builds until it is killed; its files record the requests. */
function endlessGo() {
  const folder = temporaryDir();
  const [asked, building] = [join(folder, 'asked'), join(folder, 'building')];
  const script = `#!/bin/sh
if [ "$1" = version ]; then echo 'go version go1.99.0 linux/amd64'; echo >> '${asked}'; exit; fi
touch '${building}'
exec sleep 1000
`;
  writeFileSync(join(folder, 'go'), script, { mode: 0o755 });
  const cache = temporaryDir();
  const surroundings = {
    PATH: `${folder}:${process.env['PATH']}`,
    XDG_CACHE_HOME: cache,
    WHATSAPP_DATA_DIR: temporaryDir(),
  };
  return {
    start: () => startProgram(['bridge', 'build'], clientEnv(temporaryDir(), surroundings)),
    timesAsked: () => (existsSync(asked) ? readFileSync(asked, 'utf8').length : 0),
    isBuilding: () => existsSync(building),
    left: () => readdirSync(join(cache, 'whatsapp-hybrid-mcp', 'bridge')),
  };
}

test.runIf(process.platform === 'linux').each(['SIGTERM', 'SIGINT'] as const)(
  'bridge build ends on %s, building or waiting for who builds, and leaves no lock of its own',
  async (signal) => {
    const go = endlessGo();
    const builder = go.start();
    await until(go.isBuilding);
    const waiter = go.start();
    await until(() => go.timesAsked() === 2);
    await until(() => go.left().some((name) => name.includes(`.lock.${waiter.child.pid}.`)));
    waiter.child.kill(signal);
    expect(await waiter.ended).toEqual({ code: 130, signal: null });
    const ofBuilder = [`.${builder.child.pid}.draft`, '.lock'].map(
      (end) => new RegExp(`^wa-bridge-[0-9a-f]+\\${end}$`),
    );
    expect(go.left()).toEqual(ofBuilder.map((name) => expect.stringMatching(name)));
    builder.child.kill(signal);
    expect(await builder.ended).toEqual({ code: 130, signal: null });
    expect(go.left()).toEqual([]);
  },
);
