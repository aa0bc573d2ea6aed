import { describe, expect, test } from 'vitest';
import { chatOfConversation } from '../../../../bridges/baileys/translate/chat.ts';
import {
  changedMembers,
  membersOfConversation,
  membersOfGroup,
  noticedMembers,
  pastMembers,
} from '../../../../bridges/baileys/translate/member.ts';
import { friend, group, sentAt } from './wire-message.ts';

const lid = '20000000000003@lid';

describe('members of a group in the history', () => {
  const conversation = {
    id: group,
    lastMsgTimestamp: sentAt,
    participant: [
      { userJid: friend, rank: 2 },
      { userJid: '20000000000003:4@lid', rank: 1 },
      { userJid: lid },
      { userJid: 'x' },
    ],
  };

  test('have their roles, from the last message the phone knew on', () => {
    expect(membersOfConversation(conversation)).toEqual([
      { chatJid: group, member: friend, role: 'superadmin', at: sentAt * 1000, told: 'list' },
      { chatJid: group, member: lid, role: 'admin', at: sentAt * 1000, told: 'list' },
      { chatJid: group, member: lid, role: 'member', at: sentAt * 1000, told: 'list' },
    ]);
    expect(chatOfConversation(conversation)?.membersAt).toBe(sentAt * 1000);
  });

  test('that were not listed say nothing about who left', () => {
    expect(chatOfConversation({ id: group, lastMsgTimestamp: sentAt })).not.toHaveProperty('membersAt');
    expect(membersOfConversation({ id: friend, participant: [{ userJid: lid }] })).toEqual([]);
  });

  test('of an undated list are older than any other word', () => {
    expect(membersOfConversation({ id: group, participant: [{ userJid: lid }] })[0]?.at).toBe(1);
  });

  test('that left are known with the time they did', () => {
    const past = [{ groupJid: group, pastParticipants: [{ userJid: friend, leaveTs: sentAt }, { userJid: null }] }];
    expect(pastMembers(past)).toEqual([
      { chatJid: group, member: friend, role: 'left', at: sentAt * 1000, told: 'remove' },
    ]);
  });
});

test('a new group lists its members', () => {
  const participants = [{ id: friend, admin: 'admin' as const }, { id: lid }];
  expect(membersOfGroup({ id: group, participants }, 5).map(({ role }) => role)).toEqual(['admin', 'member']);
  expect(membersOfGroup({ id: group }, 5)).toEqual([]);
});

test.each([
  ['add', 'member'],
  ['demote', 'member'],
  ['promote', 'admin'],
  ['remove', 'left'],
])('%s makes somebody %s', (action, role) => {
  expect(changedMembers({ id: group, participants: [{ id: lid }], action }, 7)).toEqual([
    { chatJid: group, member: lid, role, at: 7, told: action },
  ]);
});

test('a new number of the same person changes no role', () => {
  expect(changedMembers({ id: group, participants: [{ id: lid }], action: 'modify' }, 7)).toEqual([]);
});

test.each([
  [27, 'add', 'member'],
  [28, 'remove', 'left'],
  [29, 'promote', 'admin'],
  [30, 'demote', 'member'],
  [31, 'add', 'member'],
  [32, 'remove', 'left'],
])('a notice of kind %i says who was made what, and when that was', (messageStubType, told, role) => {
  const named = [JSON.stringify({ id: lid, phoneNumber: friend }), friend, '{broken', '{"id":7}', ''];
  const notice = { key: { remoteJid: group }, messageStubType, messageStubParameters: named, messageTimestamp: sentAt };
  const word = { chatJid: group, role, at: sentAt * 1000, told };
  expect(noticedMembers([notice, { ...notice, messageTimestamp: null }, { ...notice, messageStubType: 1 }])).toEqual([
    { ...word, member: lid },
    { ...word, member: friend },
  ]);
});
