import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AppError } from '../../../src/domain/errors.ts';
import { hostileNames, saved } from '../../support/hostile/texts.ts';
import { group, hostileWorld, me, strangers, wren } from '../../support/hostile/world.ts';
import type { MessagesDb } from '../../support/rows/messages-db.ts';

let world: MessagesDb;
beforeAll(() => {
  world = hostileWorld();
});
afterAll(() => world.close());

const names = Object.keys(hostileNames) as (keyof typeof hostileNames)[];
const bearer = (name: keyof typeof hostileNames) => strangers[names.indexOf(name)] as string;
const number = (jid: string) => `+${jid.split('@')[0]}`;

/** The address that a recipient means, or the addresses in the error. */
function meant(recipient: string) {
  try {
    return world.reader.chats.resolve(recipient);
  } catch (error) {
    const { code, details, message } = error as AppError;
    expect(message).not.toContain('INJ3CT');
    return {
      code,
      candidates: ((details?.['candidates'] ?? []) as { jid: string; name_from?: string }[]).map(
        ({ jid, name_from }) => `${name_from} ${jid}`,
      ),
    };
  }
}

describe('A shown name', () => {
  test.each([
    ['another person in Cyrillic', (jid: string) => `${number(jid)} ~Wren T\u043elland`],
    ['another person with a space that nobody sees', (jid: string) => `${number(jid)} ~Wren Tolland`],
    ['another person in wide letters', (jid: string) => `${number(jid)} ~\uff37ren Tolland`],
    ['another person by its first word', () => '~Wren'],
    ['the user', number],
    ['the user in other letters', number],
    ['a number', number],
    ['a number in letters', number],
    ['an address', number],
    ['the mark of a chosen name', () => '~Wren'],
    ['nothing', number],
  ] as const)('marks a self-chosen name like %s', (name, shown) => {
    const jid = bearer(name);
    const expected = shown(jid);
    expect(world.reader.contacts.known(jid).name).toBe(expected);
    const sent = world.reader.messages
      .list(group, { limit: 500 })
      .items.find(({ id }) => id === `BY${names.indexOf(name)}`);
    expect(sent?.sender_name).toBe(expected);
    expect(world.reader.chats.get(group).participants?.find((member) => member.jid === jid)?.name).toBe(expected);
    expect(world.reader.contacts.search(jid, 1).items[0]?.name).toBe(expected);
  });

  test('is a saved name without any mark, or You for the account', () => {
    expect(world.reader.contacts.known(wren).name).toBe(saved);
    expect(world.reader.contacts.known(me).name).toBe('You');
  });
});

describe('A recipient', () => {
  test.each([
    ['a saved name', saved, wren],
    ['a saved name in other case, with what nobody sees', ' wren\u200b TOLLAND ', wren],
    ['a number, and never who is called like one', '+15550100001', wren],
    ['You, and never who is called so', 'You', me],
    ['a marked name: its bearer alone', '+15550100111 ~Wren T\u043elland', bearer('another person in Cyrillic')],
  ])('given by %s means the person with that name', (_, recipient, jid) => expect(meant(recipient)).toBe(jid));

  test('never means a person by a self-chosen name when a saved name has it as a word', () => {
    expect(meant('Wren')).toEqual({
      code: 'ambiguous_recipient',
      candidates: [
        `saved ${wren}`,
        `chosen ${bearer('another person by its first word')}`,
        `chosen ${bearer('the mark of a chosen name')}`,
      ],
    });
  });

  test.each([
    [
      'a saved one',
      hostileNames['another person in Cyrillic'],
      [`saved ${wren}`, `chosen ${bearer('another person in Cyrillic')}`],
    ],
    ['the user', hostileNames['the user in other letters'], [`chosen ${bearer('the user in other letters')}`]],
    ['a number', hostileNames['a number in letters'], [`chosen ${bearer('a number in letters')}`]],
  ])('never means a person by a self-chosen name that looks like %s', (_, recipient, candidates) => {
    expect(meant(recipient)).toEqual({ code: 'ambiguous_recipient', candidates });
  });

  test('means the only person with that self-chosen name, with or without the mark', () => {
    const jid = '15550100199@s.whatsapp.net';
    const { db } = world;
    db.prepare("INSERT INTO contacts (jid, pn, push_name) VALUES (?, ?, 'Margaret')").run(jid, jid);
    world.reader.close();
    expect([meant('margaret'), meant('~Margaret')]).toEqual([jid, jid]);
    expect(world.reader.contacts.get('Margaret')).toMatchObject({ jid, name: '~Margaret', push_name: 'Margaret' });
    db.prepare("INSERT INTO contacts (jid, pn, saved_name) VALUES (?, ?, 'Margaret')").run(
      '15550100198@s.whatsapp.net',
      null,
    );
    world.reader.close();
    expect(meant('margaret')).toBe('15550100198@s.whatsapp.net');
    expect(meant('~margaret')).toBe(jid);
  });
});

test('Every name that a completion offers is on one line, and means the chat it was offered for', () => {
  const { completions, chats } = world.reader;
  for (const subject of ['chats', 'contacts'] as const) {
    const { values } = completions.complete(subject, '', 100);
    expect(values.length).toBeGreaterThan(0);
    expect(new Set(values.map((value) => chats.resolve(value))).size).toBe(values.length);
  }
  const offered = completions.complete('contacts', 'wren', 100).values;
  expect(offered).toContain(saved);
  expect(offered.filter((value) => value.startsWith('+') || value === 'Wren')).toEqual([]);
});

test('A search ranks a saved name before an equal self-chosen one', () => {
  const [first] = world.reader.contacts.search(saved, 10).items;
  expect(first?.jid).toBe(wren);
});
