import { describe, expect, test } from 'vitest';
import { goFunctions, goTests, readGoSources } from '../../scripts/go-sources.ts';

const sources = readGoSources();
const maxFileLines = 300;
const maxFunctionLines = 50;

/** A tab counts as four columns, as editors show it. */
const maxColumns = 118;

const wideLines = (path: string, text: string): string[] =>
  text
    .split('\n')
    .flatMap((line, index) => ([...line.replaceAll('\t', '    ')].length > maxColumns ? [`${path}:${index + 1}`] : []));

const camel = /[A-Z]+(?![a-z])\d*|[A-Z][a-z0-9]*/g;
const wordsOf = (part: string) => part.replaceAll('WhatsApp', 'Whatsapp').match(camel)?.length ?? 0;

/**
 * Go's way: `TestStore_Write_case_in_lower_case`. A subject, perhaps a method, of at most three words each, and a case of
 * at most six. A sentence belongs into the comment of the test.
 */
function isTestName(name: string): boolean {
  if (name === 'TestMain') return true;
  const match = /^(?:Test|Fuzz|Benchmark)([A-Z][A-Za-z0-9]*)(?:_([A-Za-z][A-Za-z0-9]*))?((?:_[a-z0-9]+)*)$/.exec(name);
  if (!match) return false;
  const [, subject = '', method = '', words = ''] = match;
  const caseWords = words.split('_').length - 1 + (/^[a-z0-9]+$/.test(method) ? 1 : 0);
  const methodWords = method === '' ? 0 : wordsOf(method.charAt(0).toUpperCase() + method.slice(1));
  return wordsOf(subject) <= 3 && methodWords <= 3 && caseWords <= 6;
}

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

  test('has no line of more than 118 columns', () => {
    expect([...sources].flatMap(([path, text]) => wideLines(path, text))).toEqual([]);
  });

  test('names tests by what they test, not by a sentence', () => {
    const names = [...sources].flatMap(([path, text]) => goTests(text).map((name) => ({ path, name })));
    expect(names.length).toBeGreaterThan(200);
    expect(names.filter(({ name }) => !isTestName(name))).toEqual([]);
  });
});

test('A tab counts as four columns, and a character as one', () => {
  expect(wideLines('a.go', `\t${'x'.repeat(114)}\n\t${'x'.repeat(115)}\n${'é'.repeat(118)}`)).toEqual(['a.go:2']);
});

test.each([
  ['TestStore_Write', true],
  ['TestStore_WriteHistory_atomic', true],
  ['TestDownloader_forgetReplaced_without_number', true],
  ['TestNormalizeJID', true],
  ['FuzzEventsQuery', true],
  ['TestMain', true],
  ['TestTheOldestStrangerGoesFirst', false],
  ['TestStore_WritesWhatTheNodeWriterWrites', false],
  ['TestStore_Write_of_the_same_again_changes_nothing_at_all', false],
  ['TestStore_Write_Again', false],
  ['Teststore', false],
])('%s is a name of a test: %s', (name, isName) => {
  expect(isTestName(name)).toBe(isName);
});

test('A function is measured from its name to the brace in the first column', () => {
  const body = (count: number) => `func (s *Store) Long(a int) error {\n${'\tif a {\n\t}\n'.repeat(count)}}\n`;
  const text = `package a\n\n${body(25)}\nfunc short() {}\n\nfunc other(\n\ta int,\n) {\n\ta()\n}\n`;
  expect(goFunctions(text)).toEqual([
    { name: 'Long', line: 3, lines: 52 },
    { name: 'other', line: 58, lines: 5 },
  ]);
});
