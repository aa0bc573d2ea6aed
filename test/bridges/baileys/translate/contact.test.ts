import { describe, expect, test } from 'vitest';
import { authorContact, contactOf } from '../../../../bridges/baileys/translate/contact.ts';
import { lidPair } from '../../../../src/domain/lid-pair.ts';
import { friend, group, me, wire } from './wire-message.ts';

const lid = '20000000000001@lid';

describe('a person', () => {
  test('has the names of address book, person and business, each in its place', () => {
    const wireContact = {
      id: '15550100001:3@s.whatsapp.net',
      lid,
      name: 'Ana B.',
      notify: 'ana',
      verifiedName: 'Ana Ltd',
    };
    expect(contactOf(wireContact)).toEqual({
      jid: friend,
      pn: friend,
      lid,
      savedName: 'Ana B.',
      pushName: 'ana',
      businessName: 'Ana Ltd',
    });
  });

  test('known by LID has the phone number beside it when it is told', () => {
    expect(contactOf({ id: lid, phoneNumber: friend })).toEqual({ jid: lid, pn: friend, lid });
    expect(contactOf({ id: lid, phoneNumber: 'garbage', notify: 'x' })).toEqual({ jid: lid, lid, pushName: 'x' });
  });

  test('is not saved under the user name that the library gives in place of a name', () => {
    expect(contactOf({ id: friend, name: 'wren', username: 'wren' })).toEqual({
      jid: friend,
      pn: friend,
      pushName: 'wren',
    });
    const named = { id: friend, name: 'Ana B.', username: 'wren' };
    expect(contactOf(named)).toEqual({ jid: friend, pn: friend, savedName: 'Ana B.' });
  });

  test.each([
    ['says nothing new', { id: friend }],
    ['has empty names', { id: friend, name: '', notify: null }],
    ['is a group', { id: group, name: 'Chess' }],
    ['is no address', { id: 'x', name: 'y' }],
    ['has no address', { name: 'y' }],
  ])('that %s is none', (_why, contact) => {
    expect(contactOf(contact)).toBeUndefined();
  });
});

describe('the author of a message', () => {
  const key = { remoteJid: group, fromMe: false, id: 'A', participant: '20000000000001:7@lid' };

  test('is known by the name they gave themselves', () => {
    expect(authorContact(wire({ conversation: 'x' }, { key, pushName: 'ana' }), me)).toEqual({
      jid: lid,
      lid,
      pushName: 'ana',
    });
  });

  test('is not learned from own messages, nor without a name', () => {
    expect(
      authorContact(wire({ conversation: 'x' }, { key: { ...key, fromMe: true }, pushName: 'me' }), me),
    ).toBeUndefined();
    expect(authorContact(wire({ conversation: 'x' }, { key }), me)).toBeUndefined();
  });
});

test.each([
  [friend, lid],
  [lid, friend],
  ['15550100001:2@s.whatsapp.net', '20000000000001:9@lid'],
])('a pair is found in whichever order: %s, %s', (one, other) => {
  expect(lidPair(one, other)).toEqual({ lid, pn: friend });
});

test.each([
  [friend, friend],
  [lid, lid],
  [group, lid],
  [friend, undefined],
  [null, lid],
])('%s and %s are no pair', (one, other) => {
  expect(lidPair(one, other)).toBeUndefined();
});
