import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { platformPackage, presentBinary } from '../../../bridges/whatsmeow/binary.ts';
import { bridgeTargets, platformNotice, writePlatformPackage } from '../../../scripts/cross-compile.ts';
import { ownPackage } from '../../../src/package.ts';
import { temporaryDir } from '../../support/e2e/program.ts';
import { describeWaBridge, waBridgeBinary } from '../../support/wire/wa-bridge.ts';

test('wa-bridge is prebuilt for three systems on two processors, with the names of Node and of Go', () => {
  expect(bridgeTargets.map(({ os, cpu, goos, goarch }) => `${os}-${cpu} ${goos}/${goarch}`)).toEqual([
    'linux-x64 linux/amd64',
    'linux-arm64 linux/arm64',
    'darwin-x64 darwin/amd64',
    'darwin-arm64 darwin/arm64',
    'win32-x64 windows/amd64',
    'win32-arm64 windows/arm64',
  ]);
});

test('its packages say what they contain and under which licence that is', () => {
  for (const part of ['GPL-3.0-only', 'go.mau.fi/libsignal v', 'go.mau.fi/whatsmeow v', ownPackage().version]) {
    expect(platformNotice()).toContain(part);
  }
});

describeWaBridge('The package for this platform', () => {
  test('holds a program that is found, and runs, where npm has installed it', () => {
    const target = bridgeTargets.find(({ os, cpu }) => os === process.platform && cpu === process.arch)!;
    const folder = temporaryDir();
    const place = writePlatformPackage(folder, target, (binary) => copyFileSync(waBridgeBinary!, binary));
    expect(readdirSync(place).sort()).toEqual([
      'LICENSE.wa-bridge',
      'NOTICE',
      'THIRD-PARTY.txt',
      'bin',
      'package.json',
    ]);
    const licences = readFileSync(join(place, 'THIRD-PARTY.txt'), 'utf8');
    expect(licences).toMatch(/^go\.mau\.fi\/libsignal v\S+\n\nGNU GENERAL PUBLIC LICENSE\n\s+Version 3/m);
    expect(licences).toMatch(/^modernc\.org\/sqlite v/m);
    expect(licences).not.toContain('(the package holds no licence text)');
    expect(JSON.parse(readFileSync(join(place, 'package.json'), 'utf8'))).toMatchObject({
      name: platformPackage(),
      version: ownPackage().version,
      license: 'GPL-3.0-only',
      os: [process.platform],
      cpu: [process.arch],
    });
    const installed = join(folder, 'node_modules', platformPackage());
    mkdirSync(dirname(installed), { recursive: true });
    renameSync(place, installed);
    const found = presentBinary(null, join(folder, 'node_modules', 'whatsapp-hybrid-mcp'));
    expect(found).toMatchObject({ from: 'package' });
    expect(execFileSync(found!.path, ['--help'], { encoding: 'utf8', stdio: 'pipe' })).toBe('');
  });
});
