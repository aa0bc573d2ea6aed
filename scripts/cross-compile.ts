import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { binaryInPackage, platformPackage } from '../bridges/whatsmeow/binary.ts';
import { daemonFolder, goEnvironment, linking } from '../bridges/whatsmeow/build.ts';
import { ownPackage, packageRoot } from '../src/package.ts';
import { daemonLicences } from './licences.ts';

export interface BridgeTarget {
  /** Named as in Node and npm. */
  os: string;
  cpu: string;
  /** Named as in Go. */
  goos: string;
  goarch: string;
}

const systems = [
  { os: 'linux', goos: 'linux' },
  { os: 'darwin', goos: 'darwin' },
  { os: 'win32', goos: 'windows' },
];
const processors = [
  { cpu: 'x64', goarch: 'amd64' },
  { cpu: 'arm64', goarch: 'arm64' },
];

/** The platforms of prebuilt wa-bridges. The binaries need no C library, so one fits every Linux. */
export const bridgeTargets: readonly BridgeTarget[] = systems.flatMap((system) =>
  processors.map((processor) => ({ ...system, ...processor })),
);

/** The package.json of one platform's package, which contains only a file; npm installs it where it fits. */
export function platformManifest({ os, cpu }: BridgeTarget): object {
  const { version, name } = ownPackage();
  return {
    name: platformPackage(os, cpu),
    version,
    description: `wa-bridge of ${name} for ${os} on ${cpu}`,
    license: 'GPL-3.0-only',
    os: [os],
    cpu: [cpu],
    preferUnplugged: true,
    files: ['bin', 'NOTICE', 'LICENSE.wa-bridge', 'THIRD-PARTY.txt'],
  };
}

/** The licence notice of the program: it contains libsignal, whose licence therefore covers all of it. */
export function platformNotice(): string {
  const { name, version } = ownPackage();
  const modules = readFileSync(join(daemonFolder(), 'go.mod'), 'utf8').match(/^\s+\S+ v\S+/gm) ?? [];
  return `wa-bridge ${version}, part of ${name}

This program is compiled from wa-bridge, whose own sources are under the MIT licence (LICENSE.wa-bridge), and from the Go
modules below. One of them, go.mau.fi/libsignal, is under the GNU General Public License, version 3; the program as a
whole is therefore distributed under GPL-3.0-only. go.mau.fi/whatsmeow and go.mau.fi/util are under the Mozilla Public
License 2.0. The texts of these and of all other licences are in THIRD-PARTY.txt.

The corresponding source is the folder bridges/whatsmeow/daemon of ${name} ${version}, with go.sum; scripts/cross-compile.ts
builds it with Go and nothing else. The modules, from the Go module proxy:

${modules.map((line) => `  ${line.trim()}`).join('\n')}
`;
}

/** Writes the package of a platform around a program; returns its folder. */
export function writePlatformPackage(folder: string, target: BridgeTarget, make: (binary: string) => void): string {
  const place = join(folder, `bridge-${target.os}-${target.cpu}`);
  const binary = join(place, binaryInPackage(target.os));
  rmSync(place, { recursive: true, force: true });
  mkdirSync(dirname(binary), { recursive: true });
  make(binary);
  writeFileSync(join(place, 'package.json'), `${JSON.stringify(platformManifest(target), null, 2)}\n`);
  writeFileSync(join(place, 'NOTICE'), platformNotice());
  copyFileSync(join(packageRoot(), 'LICENSE'), join(place, 'LICENSE.wa-bridge'));
  writeFileSync(join(place, 'THIRD-PARTY.txt'), daemonLicences(target.goos, target.goarch));
  return place;
}

function compile({ goos, goarch }: BridgeTarget, binary: string): void {
  execFileSync('go', ['build', ...linking(), '-o', binary, './cmd/wa-bridge'], {
    cwd: daemonFolder(),
    env: goEnvironment(goos, goarch),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** Builds wa-bridge for every platform as npm packages; publishes nothing. */
function crossCompile(folder: string): void {
  for (const target of bridgeTargets) {
    const begun = performance.now();
    const place = writePlatformPackage(folder, target, (binary) => compile(target, binary));
    const megabytes = statSync(join(place, binaryInPackage(target.os))).size / 1e6;
    console.log(`${place}  ${megabytes.toFixed(1)} MB  ${((performance.now() - begun) / 1000).toFixed(0)} s`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  crossCompile(resolve(process.argv[2] ?? join(packageRoot(), 'dist-bridges')));
}
