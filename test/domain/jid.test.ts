import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chatKind, normalizeJid } from '../../src/domain/jid.ts';

describe('normalizeJid', () => {
  test.each([
    ['15550100@s.whatsapp.net', '15550100@s.whatsapp.net'],
    ['15550100:7@s.whatsapp.net', '15550100@s.whatsapp.net'],
    ['15550100_1:7@s.whatsapp.net', '15550100@s.whatsapp.net'],
    ['15550100@c.us', '15550100@s.whatsapp.net'],
    ['15550100:99@hosted', '15550100@s.whatsapp.net'],
    ['2000000000001:3@lid', '2000000000001@lid'],
    ['2000000000001:3@hosted.lid', '2000000000001@lid'],
    ['120363143634035041@g.us', '120363143634035041@g.us'],
    ['15550100-1600000000@g.us', '15550100-1600000000@g.us'],
    ['status@broadcast', 'status@broadcast'],
    ['120363000000000001@newsletter', '120363000000000001@newsletter'],
  ])('%s names %s', (text, jid) => expect(normalizeJid(text)).toBe(jid));

  test.each([
    '',
    '@s.whatsapp.net',
    '15550100',
    'a b@lid',
    'x@example.com',
    '15550100@s.whatsapp.net.evil',
    null,
    undefined,
  ])('%j is not a JID', (text) => expect(normalizeJid(text)).toBeUndefined());

  test('normalising twice changes nothing', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('s.whatsapp.net', 'c.us', 'lid', 'g.us', 'newsletter', 'broadcast', 'hosted', 'hosted.lid'),
        fc.integer({ min: 1, max: 1e12 }),
        fc.option(fc.nat(99)),
        (server, user, device) => {
          const once = normalizeJid(`${user}${device === null ? '' : `:${device}`}@${server}`);
          expect(once).toBeDefined();
          expect(normalizeJid(once)).toBe(once);
        },
      ),
    );
  });
});

test.each([
  ['status@broadcast', 'status'],
  ['15550100@broadcast', 'broadcast'],
  ['1@newsletter', 'newsletter'],
  ['1@g.us', 'group'],
  ['1@lid', 'direct'],
  ['1@s.whatsapp.net', 'direct'],
] as const)('%s is a %s chat', (jid, kind) => expect(chatKind(jid)).toBe(kind));
