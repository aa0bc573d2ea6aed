import { Command } from 'commander';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands.ts';
import { flagOf, type SettingName, settings } from '../../src/settings.ts';

describe.each(commands.map((spec) => [spec.name, spec] as const))('The command %s', (name, spec) => {
  test('has an example that it understands', () => {
    const [first, ...rest] = spec.example.split(' ');
    expect(first).toBe(name);
    let ran = false;
    const program = new Command().exitOverride().configureOutput({ writeErr: () => {} });
    if (spec.argument) program.addArgument(spec.argument);
    for (const option of spec.options) program.addOption(option);
    for (const setting of Object.keys(settings) as SettingName[]) program.option(`${flagOf(setting)} <value>`);
    program.action(() => {
      ran = true;
    });
    program.parse(rest, { from: 'user' });
    expect(ran).toBe(true);
  });

  test('says what it does, and what each option does', () => {
    expect(spec.description.length).toBeGreaterThan(20);
    expect(spec.options.filter(({ description }) => description.length < 10)).toEqual([]);
  });
});

test('There is one command of each name, and one default', () => {
  expect(new Set(commands.map(({ name }) => name)).size).toBe(commands.length);
  expect(commands.filter(({ isDefault }) => isDefault).map(({ name }) => name)).toEqual(['serve']);
});
