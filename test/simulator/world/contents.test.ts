import { proto } from '@whiskeysockets/baileys';
import { describe, expect, test } from 'vitest';
import { createWorld, defaultWorld } from '../../../src/simulator/world/default.ts';
import type { WorldChat } from '../../../src/simulator/world/world.ts';
import { allRows, encode, isStatus, media, seenAs, unwrapped, wordsOf } from './rows.ts';

const world = createWorld(defaultWorld);
const rows = [...allRows(world, true)];
const share = (matches: (row: (typeof rows)[number]) => unknown): number => rows.filter(matches).length;
const contextOf = (info: proto.IWebMessageInfo): proto.IContextInfo | undefined =>
  Object.values(unwrapped(info)).find((content) => typeof content === 'object' && 'contextInfo' in content)
    ?.contextInfo;
const chat = (jid: string): WorldChat => world.chats.find((candidate) => candidate.jid === jid)!;

test.each([...media, 'text', 'poll', 'contact', 'location', 'event', 'revoked'])(
  'there are messages of type %s',
  (type) => {
    expect(share(({ info }) => seenAs(info) === type)).toBeGreaterThan(5);
  },
);

const { ProtocolMessage } = proto.Message;
const { StubType } = proto.WebMessageInfo;
const kinds: Record<string, (info: proto.IWebMessageInfo, chat: WorldChat) => unknown> = {
  'system stubs without message': (info) => info.messageStubType && info.messageStubType !== StubType.REVOKE,
  'replies with quotes': (info) => contextOf(info)?.quotedMessage && contextOf(info)?.stanzaId,
  'forwarded messages': (info) => contextOf(info)?.isForwarded,
  'mentions of others': (info) => contextOf(info)?.mentionedJid?.some((jid) => jid !== world.me.lid),
  'mentions of me': (info) => contextOf(info)?.mentionedJid?.some((jid) => [world.me.pn, world.me.lid].includes(jid)),
  'view-once media': (info) => info.message?.viewOnceMessageV2,
  'disappearing messages': (info) => info.ephemeralDuration && contextOf(info)?.expiration,
  'wrapped disappearing messages': (info) => info.message?.ephemeralMessage,
  'edits as changes': (info) => unwrapped(info).protocolMessage?.type === ProtocolMessage.Type.MESSAGE_EDIT,
  'wrapped edits': (info) => info.message?.editedMessage,
  'reactions with the message': (info) => info.reactions?.length,
  'reactions as changes': (info) => info.message?.reactionMessage,
  'receipts in groups': (info, { jid }) => jid.endsWith('@g.us') && info.userReceipt?.some((one) => one.readTimestamp),
  'own messages with status': (info) => info.key?.fromMe && info.status,
  'votes in polls': (info) => info.pollUpdates?.some((update) => update.vote?.selectedOptions?.length),
  'captioned media': (info) => wordsOf(info).caption,
  'media without caption': (info) => media.includes(seenAs(info) ?? '') && !wordsOf(info).caption,
  'documents with file names': (info) => wordsOf(info).file,
  'link previews with titles': (info) => unwrapped(info).extendedTextMessage?.title,
  'round video notes': (info) => info.message?.ptvMessage,
  'starred messages': (info) => info.starred,
  'status posts': (_info, one) => isStatus(one),
};

test.each(Object.keys(kinds))('there are %s', (kind) => {
  expect(share((row) => kinds[kind]!(row.info, row.chat))).toBeGreaterThan(3);
});

describe('chats', () => {
  test('the addresses of the contract are there', () => {
    const business = chat('1234567890@s.whatsapp.net');
    expect(world.people.find((person) => person.pn === business.jid)?.business).toBe(true);
    const more = proto.Conversation.EndOfHistoryTransferType.COMPLETE_BUT_MORE_MESSAGES_REMAIN_ON_PRIMARY;
    expect(business.conversation.endOfHistoryTransferType).toBe(more);
    const older = [...business.olderMessages!()].filter(seenAs);
    expect(older.length).toBeGreaterThanOrEqual(300);
    const oldestKnown = [...business.messages()].at(-1)!.messageTimestamp!;
    for (const info of older) expect(Number(info.messageTimestamp)).toBeLessThan(Number(oldestKnown));
  });

  test('the business has shown a product that it offers, and was sent one order', () => {
    const catalog = world.shops!.get('1234567890@s.whatsapp.net')!.catalog!;
    const all = [...chat('1234567890@s.whatsapp.net').messages()];
    const cards = all.filter(({ message }) => message?.productMessage);
    const orders = all.filter(({ message }) => message?.orderMessage);
    expect([cards.length, orders.length]).toEqual([1, 1]);
    expect(cards[0]!.key!.fromMe).toBe(false);
    expect(orders[0]!.key!.fromMe).toBe(true);
    expect(catalog.products.map(({ id }) => id)).toContain(cards[0]!.message!.productMessage!.product!.productId);
    const { orderId, token, itemCount } = orders[0]!.message!.orderMessage!;
    expect(catalog.orders).toMatchObject([{ id: orderId, token }]);
    expect(catalog.orders[0]!.items.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(itemCount);
  });

  test('the community has six groups, one of them for announcements, and no messages of its own', () => {
    const parent = chat('120363143634035041@g.us');
    expect([...parent.messages()]).toEqual([]);
    expect(parent.conversation.isParentGroup).toBe(true);
    const groups = world.chats.filter((candidate) => candidate.conversation.parentGroupId === parent.jid);
    expect(groups.length).toBe(6);
    expect(groups.filter((group) => group.conversation.isDefaultSubgroup).length).toBe(1);
    for (const group of groups) expect(group.conversation.unreadCount).toBeGreaterThan(0);
  });

  test('the account has left one group of the community, and its two announcers are its admins', () => {
    const left = world.chats.filter(({ left }) => left);
    expect(left.map(({ conversation }) => conversation.parentGroupId)).toEqual(['120363143634035041@g.us']);
    const [own] = left[0]!.participants!;
    expect(left[0]!.conversation.participant!.map(({ userJid }) => userJid)).not.toContain(own);
    const announcements = world.chats.find(({ conversation }) => conversation.isDefaultSubgroup)!;
    const leading = chat('120363143634035041@g.us').conversation.participant!.filter(({ rank }) => rank);
    expect(leading.map(({ userJid }) => userJid)).toEqual(announcements.participants!.slice(1, 3));
  });

  test('people are known by number, by LID and by both, in every form of a chat', () => {
    const direct = (test: (one: WorldChat) => unknown) =>
      world.chats.filter((one) => !one.participants && test(one)).length;
    expect(direct(({ jid, conversation }) => jid.endsWith('@lid') && conversation.pnJid)).toBeGreaterThan(3);
    expect(direct(({ jid, conversation }) => jid.endsWith('@lid') && !conversation.pnJid)).toBeGreaterThan(3);
    expect(direct(({ jid, conversation }) => jid.endsWith('net') && conversation.lidJid)).toBeGreaterThan(3);
    expect(direct(({ jid, conversation }) => jid.endsWith('net') && !conversation.lidJid)).toBeGreaterThan(3);
  });

  test('a person writes in a group under the LID while the direct chat shows only the PN', () => {
    const hidden = world.people.filter(({ pn, lid }) => pn && lid && chat(pn) && !chat(pn).conversation.lidJid);
    expect(hidden.length).toBe(1);
    const inGroups = rows.filter(({ info }) => info.key!.participant === hidden[0]!.lid);
    expect(inGroups.length).toBeGreaterThan(0);
    expect(chat(hidden[0]!.pn!).count).toBeGreaterThan(0);
  });

  test.each(['archived', 'pinned', 'muteEndTime', 'unreadCount', 'ephemeralExpiration'] as const)(
    'some are %s',
    (state) => {
      const some = world.chats.filter((candidate) => candidate.conversation[state]);
      expect(some.length).toBeGreaterThan(1);
      expect(some.length).toBeLessThan(world.chats.length / 2);
    },
  );

  test('unread messages are the newest and not mine', () => {
    for (const one of world.chats.filter((candidate) => candidate.conversation.unreadCount)) {
      const newest = [...one.messages()].slice(0, one.conversation.unreadCount!);
      expect(newest.every((info) => !info.key!.fromMe && seenAs(info))).toBe(true);
    }
  });
});

describe('rows', () => {
  test('ids are unique and look like those of WhatsApp', () => {
    const ids = rows.map(({ info }) => info.key!.id!);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^3EB0[0-9A-F]{18}$/);
  });

  test('times decrease from newest to oldest, none after the present, over four years', () => {
    for (const one of world.chats) {
      const times = [...one.messages(), ...(one.olderMessages?.() ?? [])].map((info) => Number(info.messageTimestamp));
      for (const [row, time] of times.entries()) {
        expect(Number.isInteger(time)).toBe(true);
        expect(time).toBeLessThan(row ? times[row - 1]! : world.now / 1000);
      }
    }
    const all = rows.map(({ info }) => Number(info.messageTimestamp));
    const years = (world.now / 1000 - Math.min(...all)) / 86_400 / 365.25;
    expect(years).toBeGreaterThan(3.5);
    expect(years).toBeLessThanOrEqual(4);
  });

  test('a quote names an older message of the chat by its id, author and text', () => {
    const byId = new Map(rows.map(({ info, chat: { jid } }) => [info.key!.id!, { info, jid }]));
    const quotes = rows.filter(({ info }) => contextOf(info)?.stanzaId);
    for (const { info, chat: one } of quotes) {
      const { stanzaId, participant } = contextOf(info)!;
      const target = byId.get(stanzaId!)!;
      expect(target.jid).toBe(one.jid);
      expect(Number(target.info.messageTimestamp)).toBeLessThan(Number(info.messageTimestamp));
      const { fromMe, participant: author } = target.info.key!;
      expect(participant).toBe(fromMe ? participant : (author ?? one.jid));
      if (fromMe) expect([world.me.pn, world.me.lid]).toContain(participant);
    }
  });

  test('an edit changes a text of the same author, and some chats show the new text already', () => {
    const byId = new Map(rows.map(({ info }) => [info.key!.id!, info]));
    const edits = rows.filter(({ info }) => unwrapped(info).protocolMessage);
    const applied = edits.filter(({ info }) => {
      const { key, editedMessage } = unwrapped(info).protocolMessage!;
      const target = byId.get(key!.id!)!;
      expect(seenAs(target)).toBe('text');
      expect(target.key).toEqual(key);
      expect({ ...info.key, id: key!.id }).toEqual(key);
      return wordsOf(target).text.includes(editedMessage!.conversation!);
    });
    expect(applied.length).toBeGreaterThan(5);
    expect(edits.length - applied.length).toBeGreaterThan(5);
  });

  test('only members write in a group, and only admins where it is for announcements', () => {
    for (const { chat: one, info } of rows) {
      const { participant } = info.key!;
      if (!one.participants) continue;
      if (participant) expect(one.participants).toContain(participant);
      if (one.conversation.isDefaultSubgroup && seenAs(info)) {
        const admins = one.conversation.participant!.filter(({ rank }) => rank).map(({ userJid }) => userJid);
        expect(admins).toContain(participant);
      }
    }
  });

  test('every number is from a reserved range, also inside encoded rows', () => {
    const allowed = /^(155501\d{5}|1234567890)$/;
    const text = rows.map(({ info }) => Buffer.from(encode(info)).toString('latin1')).join('\n');
    const found = [...text.matchAll(/(\d+)(?:-\d+)?@(?:s\.whatsapp\.net|g\.us)|\+1 (555 01\d \d{4})/g)];
    const numbers = found.map(([whole, user, shown]) =>
      whole!.startsWith('+') ? `1${shown!.replaceAll(' ', '')}` : user!,
    );
    const phones = numbers.filter((number) => !/^12036\d{13}$/.test(number));
    expect(phones.length).toBeGreaterThan(1000);
    for (const number of phones) expect(number).toMatch(allowed);
    for (const { pn, lid } of world.people) {
      if (pn) expect(pn.split('@')[0]).toMatch(allowed);
      if (lid) expect(lid).toMatch(/^2\d{13}@lid$/);
    }
    const addresses = world.people.flatMap(({ pn, lid }) => [pn, lid]).filter(Boolean);
    expect(new Set(addresses).size).toBe(addresses.length);
  });
});

describe('words', () => {
  const recent = rows.filter(({ info }) => Number(info.messageTimestamp) * 1000 >= Date.UTC(2025, 0));
  const birthday = recent.filter(({ info }) => /\bbirthday\b/i.test(Object.values(wordsOf(info)).join(' ')));

  test('"birthday" is found after 2025-01-01 in texts, captions and file names of several chats', () => {
    expect(new Set(birthday.map((row) => row.chat.jid)).size).toBeGreaterThan(5);
    for (const part of ['text', 'caption', 'file'] as const) {
      expect(birthday.filter(({ info }) => /\bbirthday\b/i.test(wordsOf(info)[part])).length).toBeGreaterThan(2);
    }
  });

  test.each([
    ['Latin with accents', /[àáâãçéêíñóôõúäöüß]/],
    ['Han without kana', /^[^\u3040-\u30ff]*\p{Script=Han}[^\u3040-\u30ff]*$/u],
    ['Hiragana', /\p{Script=Hiragana}/u],
    ['Thai', /\p{Script=Thai}/u],
    ['Devanagari', /\p{Script=Devanagari}/u],
    ['Arabic', /\p{Script=Arabic}/u],
    ['Hebrew', /\p{Script=Hebrew}/u],
    ['Cyrillic', /\p{Script=Cyrillic}/u],
    ['Hangul', /\p{Script=Hangul}/u],
    ['emoji', /\p{Extended_Pictographic}/u],
  ])('there are texts in %s', (_name, script) => {
    expect(share(({ info }) => script.test(wordsOf(info).text))).toBeGreaterThan(40);
  });

  test('texts are usually short and occasionally long', () => {
    const lengths = rows.flatMap(({ info }) => (seenAs(info) === 'text' ? [wordsOf(info).text.length] : []));
    lengths.sort((a, b) => a - b);
    expect(lengths[lengths.length >> 1]).toBeGreaterThan(20);
    expect(lengths[lengths.length >> 1]).toBeLessThan(60);
    expect(lengths.at(-1)).toBeGreaterThan(200);
  });
});
