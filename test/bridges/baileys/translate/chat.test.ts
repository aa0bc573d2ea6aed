import { proto } from '@whiskeysockets/baileys';
import { describe, expect, test } from 'vitest';
import { chatOfConversation, chatOfGroup, chatOfUpdate, pairOf } from '../../../../bridges/baileys/translate/chat.ts';
import { friend, group } from './wire-message.ts';

const lid = '20000000000001@lid';
const conversation = (part: proto.IConversation) =>
  proto.Conversation.decode(proto.Conversation.encode({ id: friend, ...part }).finish());

describe('a conversation of the history', () => {
  test('says everything it knows of a direct chat', () => {
    const wire = conversation({
      name: 'Ana Test',
      lidJid: lid,
      unreadCount: 3,
      archived: true,
      pinned: 1_767_000_000,
      muteEndTime: 1_768_000_000,
      ephemeralExpiration: 86_400,
      lastMsgTimestamp: 1_767_323_045,
    });
    expect(chatOfConversation(wire)).toEqual({
      jid: friend,
      kind: 'direct',
      name: 'Ana Test',
      pn: friend,
      lid,
      unreadCount: 3,
      archived: true,
      pinnedAt: 1_767_000_000,
      mutedUntil: 1_768_000_000,
      ephemeralSeconds: 86_400,
      lastMessageAt: 1_767_323_045,
    });
  });

  test('leaves out what it does not know, so that nothing known is overwritten', () => {
    const chat = chatOfConversation(conversation({}));
    expect(Object.keys(chat ?? {}).filter((key) => !['jid', 'kind', 'pn', 'lid'].includes(key))).not.toContain('name');
    for (const key of ['pinnedAt', 'parentJid', 'ephemeralSeconds', 'lastMessageAt'] as const) {
      expect(chat).not.toHaveProperty(key);
    }
  });

  test('tells groups, communities, channels and lists apart', () => {
    const kindOf = (part: proto.IConversation) => chatOfConversation(conversation(part))?.kind;
    expect(kindOf({ id: group })).toBe('group');
    expect(kindOf({ id: group, isParentGroup: true })).toBe('community');
    expect(kindOf({ id: '120363000000000009@newsletter' })).toBe('newsletter');
    expect(kindOf({ id: '1700000000@broadcast' })).toBe('broadcast');
  });

  test('names the community of a group, and prefers the display name', () => {
    const wire = conversation({ id: group, parentGroupId: '120363000000000002@g.us', name: 'a', displayName: 'b' });
    expect(chatOfConversation(wire)).toMatchObject({ parentJid: '120363000000000002@g.us', name: 'b' });
  });

  test.each([
    [{ markedAsUnread: true, unreadCount: 0 }, 1],
    [{ markedAsUnread: true, unreadCount: 4 }, 4],
    [{ unreadCount: 0 }, 0],
  ])('%o counts as %i unread', (part, expected) => {
    expect(chatOfConversation(conversation(part))?.unreadCount).toBe(expected);
  });

  test.each([
    ['in seconds', 1_768_000_000, 1_768_000_000],
    ['in milliseconds', 1_768_000_000_000, 1_768_000_000],
    ['not at all', 0, 0],
    ['for ever', 'ffffffffffffffff', 253_402_300_799],
  ])('muted %s', (_how, value, expected) => {
    const muteEndTime = typeof value === 'string' ? { toNumber: () => Number(`0x${value}`) } : value;
    const wire = { id: friend, muteEndTime } as unknown as proto.IConversation;
    expect(chatOfConversation(wire)?.mutedUntil).toBe(expected);
  });

  test.each(['status@broadcast', 'nonsense', ''])('of %s is no chat', (id) => {
    expect(chatOfConversation(conversation({ id }))).toBeUndefined();
  });
});

describe('the pair of addresses of a direct chat', () => {
  test.each([
    [
      { id: friend, lidJid: lid },
      { pn: friend, lid },
    ],
    [
      { id: lid, pnJid: friend },
      { pn: friend, lid },
    ],
    [
      { id: '15550100001:4@s.whatsapp.net', lidJid: '20000000000001:2@lid' },
      { pn: friend, lid },
    ],
    [{ id: friend }, undefined],
    [
      { id: group, pnJid: friend, lidJid: lid },
      { pn: friend, lid },
    ],
    [{ id: friend, lidJid: friend }, undefined],
    [{ id: 'x', lidJid: lid }, undefined],
  ])('%o', (wire, expected) => {
    expect(pairOf(wire)).toEqual(expected);
  });

  test('a group does not take the addresses of a person', () => {
    expect(chatOfConversation(conversation({ id: group, pnJid: friend, lidJid: lid }))).not.toHaveProperty('pn');
  });
});

const now = 1_767_000_000_999;

describe('an update of a chat', () => {
  test('does not bring its time: that of an edit may stand there', () => {
    expect(chatOfUpdate({ id: friend, conversationTimestamp: 1_768_000_000 })).toBeUndefined();
  });

  test.each([
    [{ archived: false }, { archived: false }],
    [{ pinned: null }, { pinnedAt: 0 }],
    [{ pinned: 1_767_000_000_000 }, { pinnedAt: 1_767_000_000 }],
    [{ muteEndTime: null }, { mutedUntil: 0 }],
    [{ muteEndTime: -1 }, { mutedUntil: 253_402_300_799 }],
    [{ ephemeralExpiration: null }, { ephemeralSeconds: 0 }],
    [{ name: 'New subject' }, { name: 'New subject' }],
  ] as [object, object][])('%o', (part, expected) => {
    expect(chatOfUpdate({ id: friend, ...part })).toEqual({ jid: friend, ...expected });
  });

  test.each([[{ unreadCount: 1 }], [{ unreadCount: 0 }], [{}]] as [object][])('%o is no state of a chat', (part) => {
    expect(chatOfUpdate({ id: friend, ...part })).toBeUndefined();
  });

  test('of status is nothing', () => {
    expect(chatOfUpdate({ id: 'status@broadcast', unreadCount: 0 })).toBeUndefined();
  });
});

test('a group is named by its metadata, and only a group', () => {
  const parent = '120363000000000002@g.us';
  expect(chatOfGroup({ id: group, subject: 'Chess', linkedParent: parent, ephemeralDuration: 60 }, now)).toEqual({
    jid: group,
    name: 'Chess',
    parentJid: parent,
    ephemeralSeconds: 60,
  });
  expect(chatOfGroup({ id: group, isCommunity: true }, now)).toEqual({ jid: group, kind: 'community' });
  expect(chatOfGroup({ id: group, participants: [{}] }, now)).toEqual({ jid: group, membersAt: now });
  expect(chatOfGroup({ id: group, participants: [] }, now)).toBeUndefined();
  expect(chatOfGroup({ id: friend, subject: 'x' }, now)).toBeUndefined();
});
