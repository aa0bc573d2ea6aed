import { describe, expect, test } from 'vitest';
import { expandRule, parseRules, readRules, rule } from '../../../src/store/sqlite/rules.ts';

const rules = parseRules([
  `-- About the file.

-- Says what the block does.
-- name: whole
UPDATE t SET {set: column = a} WHERE {where}
-- a comment in between
  AND {set: column = b; other = c = d}

-- name: set
{column} = 1
`,
  '-- name: nested\nSELECT {wrap: text = {inner}}\n-- name: wrap\n({text})\n-- name: inner\nx = y\n',
]);

describe('A rule', () => {
  test('has its blocks and parts put in, and no comments', () => {
    expect(
      expandRule(parseRules(['-- name: a\nSELECT {b}\n-- why\n-- name: b\n{c: d = e = f}\n-- name: c\n{d}']), 'a', {}),
    ).toBe('SELECT e = f');
    expect(expandRule(rules, 'nested', {})).toBe('SELECT (x = y)');
  });

  test('is refused with an unknown name, a missing part or one that it does not have', () => {
    expect(() => expandRule(rules, 'nothing', {})).toThrow('There is no rule nothing');
    expect(() => expandRule(rules, 'set', {})).toThrow('The rule set needs its part column');
    expect(() => expandRule(rules, 'set', { column: 'a', colour: 'b' })).toThrow('The rule set has no part colour');
    expect(() => expandRule(rules, 'whole', { where: 'true' })).toThrow('The rule set has no part other');
    expect(() => parseRules(['-- name: a\n1\n', '-- name: a\n2\n'])).toThrow('The rule a stands twice');
  });

  test('of the files is complete: nothing in braces is left of any that needs no part', () => {
    const all = readRules();
    expect(all.size).toBeGreaterThan(80);
    expect(rule('count_unread')).toContain("key = 'linked_at'");
    expect(rule('find_alias', { noun: 'chat' })).toBe('SELECT chat_id FROM main.chat_aliases WHERE alias = @alias');
    for (const [name, text] of all) {
      if (!/\{\w+\}/.test(text)) expect(expandRule(all, name, {}), name).not.toMatch(/[{}]|--/);
    }
  });
});
