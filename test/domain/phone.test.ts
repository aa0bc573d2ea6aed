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
  ['\u202a+1\u00a0(555)\u202f010\u20110134\u202c', '15550100134'],
  ['\u2066\u200e+1 555 010-0134\u2069', '15550100134'],
  ...[...'-‐‑‒–—―−﹣－'].map((hyphen) => [`+1${hyphen}555${hyphen}010${hyphen}0134`, '15550100134']),
  ['＋１ ５５５ ０１０ ０１３４', '15550100134'],
  ['+١ ٥٥٥ ٠١٠ ٠١٣٤', '15550100134'],
  ['+۱۵۵۵۰۱۰۰۱۳۴', '15550100134'],
  ['tel:+1-555-010-0134', '15550100134'],
  ['TEL:+15550100134;ext=7', '15550100134'],
  ['tel:15550100134;phone-context=example.com', '15550100134'],
  ['wa.me/15550100134', '15550100134'],
  ['https://wa.me/15550100134?text=Hello%20there', '15550100134'],
  ['http://www.wa.me/+15550100134/', '15550100134'],
  ['HTTPS://WA.ME/%2B15550100134', '15550100134'],
  ['https://api.whatsapp.com/send?phone=15550100134&text=x', '15550100134'],
  ['https://api.whatsapp.com/send/?text=x&phone=%2B15550100134', '15550100134'],
  ['whatsapp://send?phone=+15550100134', '15550100134'],
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
  'https://wa.me/message/ABCDEFGHIJK0P1',
  'https://wa.me/qr/15550100134',
  'https://wa.me/',
  'https://example.com/wa.me/15550100134',
  'https://wa.me.example.com/15550100134',
  'https://example.com/?phone=15550100134',
  'https://chat.whatsapp.com/15550100134',
  'tel:',
  'tel:+1-555-CALL',
  'Call tel:+15550100134',
])('"%s" is not a phone number', (text) => {
  expect(phoneJid(text)).toBeUndefined();
});

test('a number is shown with its plus, and only PN addresses have one', () => {
  expect(phoneOf('15550100@s.whatsapp.net')).toBe('+15550100');
  for (const other of ['200000000000001@lid', '1-2@g.us', null, undefined]) expect(phoneOf(other)).toBeNull();
});
