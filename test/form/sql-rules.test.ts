import { describe, expect, test } from 'vitest';
import { readGoSources } from '../../scripts/go-sources.ts';
import { readSources } from '../../scripts/source-files.ts';
import { goRules, misnamed, sqlTwins, twins, typescriptRules } from '../../scripts/sql/twins.ts';
import { parseRules, readRules } from '../../src/store/sqlite/rules.ts';

describe('The SQL of messages.db', () => {
  test('stands once: no part of more than two lines is in both languages', () => {
    expect(sqlTwins()).toEqual([]);
  });

  test('has no rule that one of the writers does without', () => {
    const rules = readRules();
    const typescriptOnly = { unused: ['given_message'], unknown: [] }; // staged rows come from a table
    expect(misnamed(rules, goRules(readGoSources()))).toEqual({ unused: [], unknown: [] });
    expect(misnamed(rules, typescriptRules(readSources('src')))).toEqual(typescriptOnly);
  });
});

describe('The check bites', () => {
  const go = new Map([
    [
      'a.go',
      'var x = "UPDATE chats SET a = @a, " +\n\t"b = coalesce(@b, b) FROM " + source + " WHERE id = @id AND jid IS NOT NULL" // x',
    ],
  ]);
  const typescript = (text: string) => new Map([['a.ts', text]]);

  test('on the same statement with other spaces, parameters and schema names', () => {
    const same =
      // biome-ignore lint/suspicious/noTemplateCurlyInString: a template of the source that is read
      'const x = `UPDATE main.chats\n  SET a = ?, b = coalesce(?, b) FROM ${source} WHERE id = ? AND jid IS NOT NULL`;';
    const sql = 'UPDATE chats SET a = ?, b = coalesce(?, b) FROM {} WHERE';
    expect(twins(go, typescript(same), 13)).toEqual([{ go: 'a.go', typescript: 'a.ts', sql }]);
  });

  test('on a long part of a statement, and not on another statement', () => {
    expect(twins(go, typescript("const x = 'UPDATE contacts SET a = @a, b = coalesce(@b, b)';"), 7)).toHaveLength(1);
    expect(twins(go, typescript("const x = 'UPDATE contacts SET a = @a, b = 1';"), 7)).toEqual([]);
  });

  test('on a rule that is not used or does not exist', () => {
    const rules = parseRules(['-- name: a\nSELECT {b}\n-- name: b\n1\n-- name: c\n2\n']);
    expect(misnamed(rules, ['a', 'd'])).toEqual({ unused: ['c'], unknown: ['d'] });
    expect(goRules(new Map([['x.go', 'rule("a", parts{}) forNouns("b")']]))).toEqual(['a', 'b']);
    expect(typescriptRules(new Map([['x.ts', "db.prepare(rule('a', { b }))"]]))).toEqual(['a']);
  });
});
