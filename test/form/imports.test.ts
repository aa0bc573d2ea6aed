import { describe, expect, test } from 'vitest';
import { layers, rooms } from '../../scripts/import-rules.ts';
import { importFaults } from '../../scripts/imports.ts';
import { parse, readSources } from '../../scripts/source-files.ts';

/** The faults of a program that consists of these files alone. */
function faultsOf(files: Record<string, string>): string[] {
  return importFaults(new Map(Object.entries(files)));
}

test('The program keeps its own import rules', () => {
  expect(importFaults(readSources('src', 'bridges'))).toEqual([]);
});

test.each(['src/main.ts', 'src/sync/worker.ts'])('%s lets nothing run before the guard on stdout', (path) => {
  const [first] = parse(path, readSources('src').get(path) ?? '').statements;
  expect(first?.getText()).toMatch(/^import .*'\.{1,2}\/stdout\.ts';$/);
});

describe('The import rules bite', () => {
  test.each([
    ['a lower layer that imports a higher one', 'src/domain/chat.ts', `import { a } from '../tools/a.ts';`],
    ['a type taken from a higher layer', 'src/router/router.ts', `import type { A } from '../tools/a.ts';`],
    ['a type taken in passing', 'src/router/router.ts', `export type B = import('../tools/a.ts').A;`],
    ['a re-export of a higher layer', 'src/store/read/chats.ts', `export { a } from '../../sync/a.ts';`],
    ['a lazy import of a higher layer', 'src/store/read/chats.ts', `const a = await import('../../sync/a.ts');`],
    [
      'a bridge that knows the store',
      'bridges/baileys/receive/events.ts',
      `import { a } from '../../../src/store/a.ts';`,
    ],
    ['a store that knows a bridge', 'src/store/read/chats.ts', `import type { A } from '../../../bridges/bridge.ts';`],
    ['a simulator that knows production code', 'src/simulator/phone/phone.ts', `import { a } from '../../store/a.ts';`],
    ['a simulator that takes a value from the settings', 'src/simulator/http.ts', `import { a } from '../config.ts';`],
    ['production code that knows the simulator', 'src/app.ts', `import { a } from './simulator/a.ts';`],
    ['a guard on stdout that imports', 'src/stdout.ts', `import { a } from './log.ts';`],
    ['a file outside the tree', 'src/things/a.ts', `import { a } from '../domain/a.ts';`],
    [
      'the MCP SDK in a tool',
      'src/tools/chats/chats.ts',
      `import { Server } from '@modelcontextprotocol/sdk/server/index.js';`,
    ],
    ['SQLite outside the store', 'src/sync/worker.ts', `import Database from 'better-sqlite3';`],
    ['Baileys outside its bridge', 'src/tools/chats/chats.ts', `import type { proto } from '@whiskeysockets/baileys';`],
    [
      'Baileys before the guard',
      'bridges/baileys/connection/session.ts',
      `import { proto } from '@whiskeysockets/baileys';`,
    ],
    ['a line on stdout', 'src/sync/history.ts', `process.stdout.write('x');`],
    ['a line on the console', 'bridges/baileys/connection/session.ts', `console.log('x');`],
    ['the environment read outside the settings', 'src/sync/history.ts', `const a = process.env['A'];`],
  ])('on %s', (_, path, text) => {
    expect(faultsOf({ [path]: text })[0]).toContain(`${path}:1: `);
  });

  test.each([
    ['src/store/sqlite/a.ts', '../read/b.ts', 'arrow back up in src/store: sqlite → read'],
    ['src/store/names/a.ts', '../rights/b.ts', 'arrow back up in src/store: names → rights'],
    ['bridges/baileys/library/a.ts', '../translate/b.ts', 'arrow back up in bridges/baileys: library → translate'],
    ['src/tools/result/a.ts', '../messages/b.ts', 'arrow back up in src/tools: result → messages'],
    ['src/simulator/wire/a.ts', '../phone/b.ts', 'arrow back up in src/simulator: wire → phone'],
    ['src/store/attic/a.ts', '../sqlite/b.ts', 'attic has no place in the order of src/store'],
  ])('on an arrow between rooms from %s to %s', (path, target, fault) => {
    expect(faultsOf({ [path]: `import type { B } from '${target}';` })).toEqual([`${path}:1: ${fault}`]);
    const down = faultsOf({ 'src/store/read/a.ts': `import { b } from '../sqlite/b.ts';` });
    expect(down).toEqual([]);
  });

  test('on no room that is gone', () => {
    const paths = [...readSources('src', 'bridges').keys()];
    const known = Object.entries(rooms).flatMap(([part, order]) => order.flat().map((room) => `${part}/${room}`));
    const isThere = (room: string) => paths.some((path) => path === room || path.startsWith(`${room}/`));
    expect([...known, ...layers.flat()].filter((room) => !isThere(room))).toEqual([]);
  });

  test('on a cycle that is closed by a type', () => {
    const faults = faultsOf({
      'src/domain/a.ts': `import type { B } from './b.ts';`,
      'src/domain/b.ts': `import { a } from './a.ts';`,
    });
    expect(faults).toEqual(['src/domain/a.ts: import cycle src/domain/a.ts → src/domain/b.ts → src/domain/a.ts']);
  });

  test('on a cycle of values, naming its files once', () => {
    const faults = faultsOf({
      'src/domain/a.ts': `import { b } from './b.ts';`,
      'src/domain/b.ts': `import { c } from './c.ts';`,
      'src/domain/c.ts': `import { a } from './a.ts';`,
    });
    expect(faults).toEqual([
      'src/domain/a.ts: import cycle src/domain/a.ts → src/domain/b.ts → src/domain/c.ts → src/domain/a.ts',
    ]);
  });
});

describe('The import rules allow', () => {
  test.each([
    [
      'types of Baileys in its bridge',
      { 'bridges/baileys/a.ts': `import type { proto } from '@whiskeysockets/baileys';` },
    ],
    ['Baileys loaded late', { 'bridges/baileys/a.ts': `const b = await import('@whiskeysockets/baileys');` }],
    [
      'the shape of the simulator document',
      { 'src/simulator/a.ts': `import type { SimulatorDocument } from '../config.ts';` },
    ],
    ['a word like console in an object', { 'src/tools/a.ts': `export const a = { console: 1 };` }],
  ])('%s', (_, files) => {
    expect(faultsOf(files)).toEqual([]);
  });
});
