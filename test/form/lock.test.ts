import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/package.ts';

interface Entry {
  integrity?: string;
  link?: boolean;
  dev?: boolean;
  optional?: boolean;
  hasInstallScript?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
}

const read = (name: string) => JSON.parse(readFileSync(join(packageRoot(), name), 'utf8'));
const packages = Object.entries(read('package-lock.json').packages as Record<string, Entry>).filter(
  ([path, { link }]) => path !== '' && link !== true,
);
const unverified = packages.filter(([, { integrity }]) => integrity === undefined);

const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
const libc = header.glibcVersionRuntime === undefined ? 'musl' : 'glibc';

/** Whether npm installs this entry on the system that runs the test. */
const isForHere = ({ os, cpu, libc: wanted }: Entry): boolean =>
  (os ?? [process.platform]).includes(process.platform) &&
  (cpu ?? [process.arch]).includes(process.arch) &&
  (process.platform !== 'linux' || (wanted ?? [libc]).includes(libc));

describe('The lock file', () => {
  test('proves every package that is installed here', () => {
    expect(unverified.filter(([, entry]) => isForHere(entry)).map(([path]) => path)).toEqual([]);
  });

  test('leaves unproved only tools for other systems, and names of which families', () => {
    const others = unverified.filter(([, { dev, optional, os }]) => !dev || !optional || !os);
    expect(others.map(([path]) => path)).toEqual([]);
    const families = unverified.map(([path]) => path.replace(/^node_modules\//, '').replace(/(cli|binding)-.*/, '$1'));
    expect([...new Set(families)].sort()).toEqual(['@biomejs/cli', '@oxc-parser/binding']);
    expect(unverified.length).toBeLessThanOrEqual(23);
  });

  test('has no install script about which nobody has decided, and only one runs', () => {
    const names = packages
      .filter(([, { hasInstallScript }]) => hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));
    const decided = read('package.json').allowScripts as Record<string, boolean>;
    expect(names.filter((name) => decided[name] === undefined)).toEqual([]);
    expect(Object.keys(decided).filter((name) => decided[name])).toEqual(['better-sqlite3']);
  });
});
