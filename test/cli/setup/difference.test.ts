import { describe, expect, test } from 'vitest';
import { difference } from '../../../src/cli/setup/difference.ts';

describe('The difference', () => {
  test('shows what goes and what comes, and no other line', () => {
    expect(difference('a\nsecret\nc\n', 'a\nsecret\nd\n')).toBe('- c\n+ d');
  });

  test('shows no line that only gets a comma: it may hold the key of another server', () => {
    expect(difference('{\n  "KEY": "secret"\n}\n', '{\n  "KEY": "secret",\n  "b": 1\n}\n')).toBe('+   "b": 1');
  });

  test('of nothing is all of it', () => {
    expect(difference('', '{\r\n}\r\n')).toBe('+ {\n+ }');
  });
});
