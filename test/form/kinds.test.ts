import { execFileSync, fork, spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { packageRoot } from '../../src/package.ts';
import { programTests, wireFolders, wireTests } from '../kinds.ts';

describe('A fast test', () => {
  test.each([
    ['a process', () => spawn(process.execPath, ['-e', ''])],
    ['a process that it waits for', () => spawnSync(process.execPath, ['-e', ''])],
    ['a file', () => execFileSync(process.execPath, ['-e', ''])],
    ['a copy of itself', () => fork('x.mjs')],
    ['a thread', () => new Worker('', { eval: true })],
    ['a server', () => createServer().listen(0, '127.0.0.1')],
    ['a connection', () => connect(65535, '127.0.0.1')],
    ['a request', () => fetch('http://127.0.0.1:65535')],
  ])('cannot start %s, and hears where to name its file', async (_, start) => {
    await expect((async () => start())()).rejects.toSatisfy((error: Error) =>
      String(error.cause ?? error).includes('name its file among the wire tests in test/kinds.ts'),
    );
  });
});

describe('The kinds of tests', () => {
  const files = [
    ...wireTests.flatMap(namesOf),
    ...Object.entries(wireFolders).flatMap(([folder, fast]) => fast.map((name) => present(`${folder}/${name}`))),
  ];

  test('name files that are there, each once', () => {
    expect(files.filter((file) => !existsSync(join(packageRoot(), file)))).toEqual([]);
    expect(files).toHaveLength(new Set(files).size);
  });

  test('name no test of the program among those of the wire', () => {
    expect(programTests).toEqual(['test/{app,e2e}/**/*.test.ts']);
    expect(files.filter((file) => /^test\/(app|e2e)\//.test(file))).toEqual([]);
  });
});

/** The files that a pattern with at most one choice of names stands for. */
function namesOf(pattern: string): string[] {
  const choice = /\{(.*)\}/.exec(pattern);
  return choice?.[1]?.split(',').map((name) => pattern.replace(choice[0], name)) ?? [pattern];
}

/** A folder as it is, else the test file of that name. */
const present = (path: string): string => (existsSync(join(packageRoot(), path)) ? path : `${path}.test.ts`);
