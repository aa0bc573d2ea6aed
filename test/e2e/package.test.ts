import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isBuilt } from '../../scripts/build.ts';
import { rulesFolder } from '../../src/store/sqlite/rules.ts';
import { program } from '../support/e2e/program.ts';

const dist = dirname(program);
const root = dirname(dist);

/** Modules that a module loads at any time. */
function loaded(text: string): string[] {
  const later = [...text.matchAll(/\bimport\(["']([^"']+)["']\)/g)].map(([, name]) => name ?? '');
  return [...staticImports(text), ...later];
}

/** Modules that a module loads before it runs. A parser would give the same result in ten times the time. */
function staticImports(text: string): string[] {
  const found = text.matchAll(/(?<=^|[;}\s])(?:import|export)(?:[\w*{}\s,$]+from)?\s*["']([^"'\n]+)["']/g);
  return [...found].map(([, name]) => name ?? '');
}

describe('The built program', () => {
  test('is what the sources say', () => {
    expect(isBuilt()).toBe(true);
  });

  test('can be started by its name', () => {
    accessSync(program, constants.X_OK);
    expect(readFileSync(program, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  test('names the licence of every package that is in it, and has none in it that is not permissive', () => {
    const heads = readFileSync(join(dist, 'THIRD-PARTY.txt'), 'utf8').match(/^\S+ \d+\.\d+\.\d+\S* \(.+\)$/gm) ?? [];
    expect(heads.length).toBeGreaterThan(5);
    expect(
      heads.filter((head) => !/\((MIT|ISC|BSD-[23]-Clause|Apache-2\.0|0BSD|BlueOak-1\.0\.0)\)$/.test(head)),
    ).toEqual([]);
  });

  test('reaches libsignal through Baileys alone, and that only when it is needed', () => {
    const files = readdirSync(dist).filter((file) => file.endsWith('.js'));
    const text = (file: string) => readFileSync(join(dist, file), 'utf8');
    expect(files.filter((file) => /(from|import\(|require\()\s*["']libsignal/.test(text(file)))).toEqual([]);
    const imports = new Map(files.map((file) => [file, staticImports(text(file))]));
    const eager = files.filter((file) => imports.get(file)?.includes('@whiskeysockets/baileys'));
    expect(eager.length).toBeGreaterThan(0); // the simulator
    const reached = (file: string, seen = new Set<string>()): Set<string> => {
      if (seen.has(file)) return seen;
      seen.add(file);
      for (const next of imports.get(file) ?? []) if (next.startsWith('./')) reached(next.slice(2), seen);
      return seen;
    };
    const served = files.find((file) => file.startsWith('simulated-server-')) ?? '';
    expect(served).not.toBe('');
    expect([...reached('main.js'), ...reached(served)].filter((file) => eager.includes(file))).toEqual([]);
  });
});

test('The published package asks npm for what is not in the bundle, and for nothing else', () => {
  const modules = readdirSync(dist).filter((file) => file.endsWith('.js'));
  const outside = modules.flatMap((file) =>
    [...loaded(readFileSync(join(dist, file), 'utf8'))].filter((name) => !/^(\.|node:)/.test(name) && !isBuiltin(name)),
  );
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  expect([...new Set(outside)].sort()).toEqual(Object.keys(dependencies).sort());
});

test('The published package holds the program, the sources of wa-bridge and the notices, and nothing else', () => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], {
    cwd: root,
    encoding: 'utf8',
  });
  const parsed = JSON.parse(stdout);
  const [packed] = Array.isArray(parsed) ? parsed : Object.values(parsed);
  const paths = (packed as { files: { path: string }[] }).files.map(({ path }) => path);
  for (const path of ['dist/main.js', 'dist/worker.js', 'dist/THIRD-PARTY.txt', 'LICENSE', 'NOTICE', '.env.example']) {
    expect(paths).toContain(path);
  }
  expect(paths.some((path) => path.endsWith('migrations/001_init.sql'))).toBe(true);
  const rules = readdirSync(rulesFolder()).map((file) => `bridges/whatsmeow/daemon/store/rules/sql/${file}`);
  expect(paths).toEqual(expect.arrayContaining(rules));
  const daemon =
    /^bridges\/whatsmeow\/daemon\/(go\.(mod|sum)|README\.md|(sqlite\/migrations|store\/rules\/sql)\/\w+\.sql|(\w[\w-]*\/)+\w+\.go)$/;
  const others = paths.filter((path) => !/^(dist\/|[^/]+$)/.test(path) && !daemon.test(path));
  expect(others).toEqual([]);
  expect(paths.filter((path) => path.endsWith('_test.go'))).toEqual([]);
});
