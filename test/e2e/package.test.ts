import { spawnSync } from 'node:child_process';
import { accessSync, constants, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { isBuilt } from '../../scripts/build.ts';
import { program } from '../support/e2e-program.ts';

const dist = dirname(program);
const root = dirname(dist);

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
    const eager = files.filter((file) =>
      /^(?:import|export)\b[^;]*?from ["']@whiskeysockets\/baileys["']/m.test(text(file)),
    );
    expect(eager.length).toBeGreaterThan(0); // the simulator
    const reached = (file: string, seen = new Set<string>()): Set<string> => {
      if (seen.has(file)) return seen;
      seen.add(file);
      for (const [, next] of text(file).matchAll(/^(?:import|export)\b[^;]*?["']\.\/([\w-]+\.js)["'];/gm))
        reached(next ?? '', seen);
      return seen;
    };
    const serve = files.find((file) => file.startsWith('serve-')) ?? '';
    expect([...reached('main.js'), ...reached(serve)].filter((file) => eager.includes(file))).toEqual([]);
  });
});

test('The published package holds the program, its migrations and its notices, and nothing else', () => {
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
  const others = paths.filter(
    (path) => !/^(dist\/|bridges\/whatsmeow\/daemon\/sqlite\/migrations\/|[^/]+$)/.test(path),
  );
  expect(others).toEqual([]);
});
