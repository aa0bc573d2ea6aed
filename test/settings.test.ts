import { describe, expect, test } from 'vitest';
import { readSettings } from '../src/config.ts';
import { type SettingName, settings } from '../src/settings.ts';

describe('The table of settings', () => {
  test.each(Object.entries(settings))(
    '%s has a description that ends, and a default it takes itself',
    (name, setting) => {
      expect(name).toMatch(/^WHATSAPP_[A-Z_]+$/);
      expect(setting.description).toMatch(/^[A-Z].*\.$/);
      expect(() => readSettings({ [name as SettingName]: setting.default() })).not.toThrow();
    },
  );

  test('refuses a word that is no choice, a number out of its range, and text that is too long or empty', () => {
    const refused = Object.entries(settings).flatMap(([name, { takes }]) => {
      if ('choices' in takes) return [[name, `${takes.choices.join('')}?`]];
      if ('min' in takes)
        return [
          [name, String(takes.min / 2)],
          [name, String(takes.max * 2)],
          [name, 'soon'],
        ];
      return 'longest' in takes ? [[name, 'x'.repeat(takes.longest + 1)]] : [];
    });
    expect(refused.length).toBeGreaterThan(5);
    for (const [name = '', value = ''] of refused) expect(() => readSettings({ [name]: value }), name).toThrow(name);
  });
});
