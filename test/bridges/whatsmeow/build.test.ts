import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { buildBridge, goVersion } from '../../../bridges/whatsmeow/build.ts';
import { temporaryDir } from '../../support/e2e/program.ts';
import { describeWaBridge, startWaBridge, waBridgeBinary } from '../../support/wire/wa-bridge.ts';

afterEach(() => void vi.unstubAllEnvs());

/** A folder with a fake `go` that prints this text. */
function goThatSays(text: string): string {
  const folder = temporaryDir();
  writeFileSync(join(folder, 'go'), `#!/bin/sh\necho '${text}'\n`);
  chmodSync(join(folder, 'go'), 0o755);
  return folder;
}

test('where there is no Go nothing is built', async () => {
  vi.stubEnv('PATH', temporaryDir());
  expect(await goVersion()).toBeUndefined();
  expect(await buildBridge({ simulator: true })).toBeUndefined();
});

test.each([
  ['go version go1.25.9 linux/amd64', undefined],
  ['go version go1.26.0 linux/amd64', 'go1.26.0'],
  ['go version go1.103 linux/amd64', 'go1.103'],
  ['go version go2.0.1 darwin/arm64', 'go2.0.1'],
  ['go version devel go1.27-0123456 linux/amd64', 'go1.27-0123456'],
  ['something else', undefined],
])('“%s” counts as %s', async (said, version) => {
  vi.stubEnv('PATH', goThatSays(said) + delimiter + process.env['PATH']);
  expect(await goVersion()).toBe(version);
});

describeWaBridge('With Go', () => {
  test('the program is built once for concurrent callers, and kept', async () => {
    vi.stubEnv('GOCACHE', execFileSync('go', ['env', 'GOCACHE'], { encoding: 'utf8' }).trim());
    const cache = temporaryDir();
    vi.stubEnv('XDG_CACHE_HOME', cache);
    const onBuild = vi.fn();
    const [first, second] = await Promise.all([1, 2].map(() => buildBridge({ simulator: true, onBuild })));
    expect(first).toContain(cache);
    expect(second).toBe(first);
    expect(onBuild).toHaveBeenCalledTimes(1);
    expect(statSync(first!).mode & 0o100).toBe(0o100);
    expect(await buildBridge({ simulator: true, onBuild })).toBe(first);
    expect(onBuild).toHaveBeenCalledTimes(1);
    expect(readdirSync(join(first!, '..'))).toHaveLength(1); // no lock, no draft
  }, 300_000);

  test('the build for the simulator knows --simulator', () => {
    expect(spawnSync(waBridgeBinary!, ['--help'], { encoding: 'utf8' }).stderr).toContain('-simulator');
  });

  test('it starts, writes its address, answers clients that know its secret, and stops on request', async () => {
    const bridge = await startWaBridge({ dataDir: temporaryDir() });
    expect(await bridge.status()).toMatchObject({ state: 'unlinked' });
    await expect(bridge.call('business.profile', { jid: 'x' })).rejects.toThrow('invalid_input');
    const stranger = await bridge.fetch('/v1/status', { headers: { authorization: 'Bearer wrong' } });
    expect(stranger.status).toBe(401);
    expect(await bridge.stop()).toBe(0);
  });
});
