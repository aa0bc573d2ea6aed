import { expect, test } from 'vitest';
import { phoneDigits, phoneJid, phoneOf } from '../../src/domain/phone.ts';

test.each([
  ['+1 555 0100', '15550100'],
  ['+15550100', '15550100'],
  ['15550100', '15550100'],
  ['+1 (555) 010-0123', '15550100123'],
  ['001 555 010 0123', '15550100123'],
  ['+44 (0)20 7946 0958', '442079460958'],
  ['1234567890', '1234567890'],
])('%s is a phone number', (text, digits) => {
  expect(phoneDigits(text)).toBe(digits);
  expect(phoneJid(text)).toBe(`${digits}@s.whatsapp.net`);
});

test.each([
  '',
  '123',
  'Ana',
  '+1 555 CALL',
  '12345678901234567890',
  '15550100@s.whatsapp.net',
  '+',
  '-----',
  '2025-01-01T00:00',
])('"%s" is not a phone number', (text) => {
  expect(phoneJid(text)).toBeUndefined();
});

test('a number is shown with its plus, and only PN addresses have one', () => {
  expect(phoneOf('15550100@s.whatsapp.net')).toBe('+15550100');
  for (const other of ['200000000000001@lid', '1-2@g.us', null, undefined]) expect(phoneOf(other)).toBeNull();
});
