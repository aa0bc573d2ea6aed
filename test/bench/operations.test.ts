import { expect, test } from 'vitest';
import { catalog } from '../../src/tools/catalog.ts';
import { rows } from './operations.ts';

test('Every operation of the table of performance is measured as soon as its tool exists, with arguments it takes', () => {
  const unmeasured = rows.filter(({ tool, calls }) => calls.length === 0 && catalog.some(({ name }) => name === tool));
  expect(unmeasured.map(({ operation }) => operation)).toEqual([]);
  for (const { name, input } of catalog) {
    const calls = rows.filter(({ tool }) => tool === name).flatMap((row) => row.calls);
    for (const args of calls) expect(input.safeParse(args).success, name).toBe(true);
  }
});
