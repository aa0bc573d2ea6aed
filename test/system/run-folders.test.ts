import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryDir } from '../support/e2e/program.ts';
import { memoryFolder, removeLeftovers } from '../support/setup/run-folders.ts';

test('Folders of runs that ended an hour ago are removed, and no others', () => {
  const parent = temporaryDir();
  const gone = spawnSync(process.execPath, ['-e', '']).pid;
  const old = new Date(Date.now() - 3_700_000);
  const make = (name: string, time = old) => {
    mkdirSync(join(parent, name));
    utimesSync(join(parent, name), time, time);
  };
  make(`whatsapp-hybrid-mcp-tests-${gone}`);
  make(`whatsapp-hybrid-mcp-tests-${process.pid}`);
  make('whatsapp-hybrid-mcp-tests-of-another-kind');
  make(`something-else-${gone}`);
  removeLeftovers(parent);
  expect(readdirSync(parent).sort()).toEqual([
    `something-else-${gone}`,
    `whatsapp-hybrid-mcp-tests-${process.pid}`,
    'whatsapp-hybrid-mcp-tests-of-another-kind',
  ]);
  make(`whatsapp-hybrid-mcp-tests-${gone}`, new Date());
  removeLeftovers(parent);
  expect(readdirSync(parent)).toHaveLength(4);
});

test('Temporary files are in memory where it has room', () => {
  if (memoryFolder === undefined) expect(tmpdir()).not.toContain('whatsapp-hybrid-mcp-tests-');
  else expect(tmpdir()).toMatch(/^\/dev\/shm\/whatsapp-hybrid-mcp-tests-\d+$/);
});
