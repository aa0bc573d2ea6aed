import { describe, expect, test } from 'vitest';
import { goFunctions, readGoSources } from '../../scripts/go-sources.ts';

const sources = readGoSources();
const maxFileLines = 300;
const maxFunctionLines = 50;

// As in TypeScript, a test may be a long table.
const program = [...sources].filter(([path]) => !path.endsWith('_test.go'));

const long = program.flatMap(([path, text]) =>
  goFunctions(text)
    .filter(({ lines }) => lines > maxFunctionLines)
    .map(({ name }) => `${path} ${name}`),
);

describe('The form of Go', () => {
  test('has no file of more than 300 lines', () => {
    expect(sources.size).toBeGreaterThan(50);
    const lines = (text: string) => text.trimEnd().split('\n').length;
    expect([...sources].filter(([, text]) => lines(text) > maxFileLines).map(([path]) => path)).toEqual([]);
  });

  test('has no function of more than 50 lines', () => {
    expect(long).toEqual([]);
  });
});

test('A function is measured from its name to the brace in the first column', () => {
  const body = (count: number) => `func (s *Store) Long(a int) error {\n${'\tif a {\n\t}\n'.repeat(count)}}\n`;
  const text = `package a\n\n${body(25)}\nfunc short() {}\n\nfunc other(\n\ta int,\n) {\n\ta()\n}\n`;
  expect(goFunctions(text)).toEqual([
    { name: 'Long', line: 3, lines: 52 },
    { name: 'other', line: 58, lines: 5 },
  ]);
});
