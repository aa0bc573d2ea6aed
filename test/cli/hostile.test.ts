import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { readSources } from '../../scripts/source-files.ts';
import { createTerminal, note, printable, withoutControls } from '../../src/cli/terminal.ts';
import { hostileNames, hostileText, steers } from '../support/hostile/texts.ts';

const esc = '\u001b';
const steering = [
  `${esc}]0;OWNED\u0007`,
  `${esc}[2J`,
  `${esc}[8mhidden`,
  '\u009b31mred',
  'a\u0085b',
  'a\rb',
  'a\bb',
  '\u202eabc\u202c',
  '\u2066abc\u2069',
  'a\u200bb\u{e0041}',
  'a\u2028b\u2029c',
  'a\u007fb\u0000',
  hostileText,
  ...Object.values(hostileNames),
];

let written: string;
beforeEach(() => {
  written = '';
});
afterEach(() => vi.restoreAllMocks());
const write = (text: string) => {
  written += text;
};
const terminal = (isTty: boolean) => createTerminal({ write, isTty, columns: 200 });

describe.each(steering.map((text) => [JSON.stringify(text), text] as const))('%s', (_, text) => {
  test('steers nothing when it is said', () => {
    terminal(true).say(`✅ ${text}\n\tsecond line`);
    expect(steers(written)).toBe(false);
    expect(written).toMatch(/^✅ [\s\S]*\n\tsecond line\n$/);
  });

  test.each([true, false])('steers nothing when it is a message of progress (terminal: %s)', (isTty) => {
    terminal(isTty).progress().update(1, 2, text);
    expect(steers(written.replace(`\r${esc}[K`, ''))).toBe(false);
    expect(written.trimEnd()).not.toContain('\n');
  });

  test('steers nothing when it is drawn, and adds no letter to the picture', () => {
    terminal(true).draw(`${esc}[7m▄▀${esc}[0m${text}`);
    const colours = new RegExp(`${esc}\\[[\\d;]*m`, 'g');
    expect(written.replace(colours, '')).toMatch(/^[▄▀ \n]+$/);
  });

  test('steers nothing on stderr', () => {
    vi.spyOn(process.stderr, 'write').mockImplementation((part) => {
      written += part;
      return true;
    });
    note(text);
    expect(steers(written)).toBe(false);
  });

  test('is one line as a value', () => {
    expect(printable(text)).not.toMatch(/[\n\r\t]/);
    expect(steers(printable(text))).toBe(false);
  });
});

test('Letters, emoji and line ends stay', () => {
  const text = 'Ána\n\t👩\u200d👧 ❤\ufe0f 誕生日 עברית نوری\u200cزاده';
  expect(withoutControls(text)).toBe(text);
});

test('No command prints in any other way', () => {
  const ways = /process\.std(?:out|err)\.write|protocolOutput\.write|console\./g;
  const found = [...readSources('src/cli')].flatMap(([path, source]) =>
    [...source.matchAll(ways)].map(([way]) => `${path}: ${way}`),
  );
  expect(found.sort()).toEqual([
    'src/cli/program.ts: process.stderr.write', // the output of commander, without control characters
    'src/cli/program.ts: protocolOutput.write', // its help
    'src/cli/serve.ts: protocolOutput.write', // the protocol
    'src/cli/simulated/simulator-command.ts: protocolOutput.write', // the simulator's document
    'src/cli/simulated/simulator-process.ts: process.stderr.write', // what our own process printed in these ways
    'src/cli/terminal.ts: process.stderr.write',
    'src/cli/terminal.ts: protocolOutput.write',
  ]);
});
