import { describe, expect, test } from 'vitest';
import {
  aboutOf,
  blockedIn,
  checkedOf,
  deviceNumbersOf,
  pictureOf,
  refusalIn,
  usersIn,
} from '../../../../bridges/baileys/translate/usync.ts';
import { answers } from '../../../contract/lookups.ts';

const named = new Map(answers);
const answer = (name: string) => {
  const found = named.get(name);
  if (!found) throw new Error(`there is no answer called ${name}`);
  return found;
};
const users = (name: string) => usersIn(answer(name)) ?? [];
const [pn, lid] = ['15550100001@s.whatsapp.net', '20000000000001@lid'];
const [phone, other] = ['+15550100001', '+15550100002'];

describe('an answer about people', () => {
  test('is told apart from one that says nothing of them', () => {
    expect(usersIn(answer('nothing'))).toBeUndefined();
    expect(usersIn(answer('no list'))).toBeUndefined();
    expect(usersIn(answer('a picture'))).toBeUndefined();
    expect(usersIn(answer('an empty list'))).toEqual([]);
  });

  test('that refuses a part of the question says with which code', () => {
    expect(refusalIn(answer('refused as a whole'))).toBe(429);
    expect(refusalIn(answer('not refused'))).toBeUndefined();
    expect(refusalIn(answer('refused without a number'))).toBeUndefined();
    expect(refusalIn(answer('nothing'))).toBeUndefined();
  });
});

describe('a number', () => {
  test.each([
    ['on WhatsApp', { is_on_whatsapp: true, jid: pn, lid, is_business: false }],
    ['not on WhatsApp', { is_on_whatsapp: false }],
    ['under other digits', { is_on_whatsapp: true, jid: '15550100009@s.whatsapp.net' }],
    ['by address alone', { is_on_whatsapp: true, jid: pn }],
    ['under a LID', { is_on_whatsapp: true, jid: pn, lid }],
    ['under nothing but a LID', { is_on_whatsapp: true, jid: lid, lid }],
    ['without address', { is_on_whatsapp: true }],
    ['a business', { is_on_whatsapp: true, jid: pn, is_business: true }],
    ['not said', {}],
    ['an empty list', {}],
  ])('is read: %s', (name, expected) => {
    expect(checkedOf(users(name), [phone])).toEqual([{ phone, ...expected }]);
  });

  test('that is none is not on WhatsApp, and one that the answer leaves out is not said to be away', () => {
    expect(checkedOf(users('no number'), [phone, other])).toEqual([{ phone }, { phone: other, is_on_whatsapp: false }]);
  });

  test('is no business and no person when WhatsApp could not tell', () => {
    expect(checkedOf(users('a business'), [other])[0]).not.toHaveProperty('is_business');
  });
});

describe('an about text', () => {
  test.each([
    ['an about text', { visibility: 'shown', about: 'At the harbour 🌊', set_at: '2025-10-09T08:53:20Z' }],
    ['an about text without time', { visibility: 'shown', about: 'Здесь' }],
    ['an about text from nowhen', { visibility: 'shown', about: 'Here' }],
    ['a blank about text', { visibility: 'none' }],
    ['a hidden about text', { visibility: 'hidden' }],
    ['a forbidden about text', { visibility: 'hidden' }],
    ['no about text', { visibility: 'none' }],
    ['no status', { visibility: 'none' }],
    ['an empty list', { visibility: 'none' }],
  ])('is read: %s', (name, expected) => {
    expect(aboutOf(users(name))).toEqual(expected);
  });

  test('is cut where it is longer than anybody may write, and no time is invented', () => {
    const { about, ...rest } = aboutOf(users('a long about text')) ?? {};
    expect(about).toHaveLength(500);
    expect(rest).toEqual({ visibility: 'shown' });
  });

  test('that WhatsApp refuses for another reason is neither hidden nor absent', () => {
    expect(aboutOf(users('too many about texts'))).toBeUndefined();
  });
});

test('devices are those with a number; a refusal is no empty list', () => {
  expect(deviceNumbersOf(users('devices'))).toEqual([0, 4, 17]);
  expect(deviceNumbersOf(users('devices with odd numbers'))).toEqual([0]);
  expect(deviceNumbersOf(users('no device'))).toEqual([]);
  expect(deviceNumbersOf(users('devices refused'))).toBeUndefined();
  expect(deviceNumbersOf(users('an empty list'))).toBeUndefined();
});

test('a picture has an address, or there is none', () => {
  const url = 'https://pps.example/1.jpg';
  expect(pictureOf(answer('a picture'))).toEqual({ visibility: 'shown', id: '1700000001', url });
  expect(pictureOf(answer('a picture without id'))).toEqual({ visibility: 'shown', url: 'https://pps.example/2.jpg' });
  expect(pictureOf(answer('a picture that was removed'))).toEqual({ visibility: 'none' });
  expect(pictureOf(answer('nothing'))).toEqual({ visibility: 'none' });
});

test('those who are blocked come with the number where WhatsApp tells it; what is no address is left out', () => {
  expect(blockedIn(answer('nobody blocked'))).toEqual([]);
  expect(blockedIn(answer('nothing'))).toBeUndefined();
  expect(blockedIn(answer('some blocked'))).toEqual([
    { jid: lid, lid },
    { jid: pn, lid: '20000000000002@lid' },
    { jid: pn },
  ]);
});
