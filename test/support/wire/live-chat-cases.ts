import { expect } from 'vitest';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import type { Answer } from '../e2e/client.ts';
import { type LiveCase, type Scene, secondOf } from './live-scene.ts';

const chat = { tool: 'get_chat', args: ({ pn }: Scene) => ({ chat_jid: pn }) };
const setting = (
  what: string,
  modification: Parameters<Simulator['settings']['modify']>[1],
  shown: Answer,
): LiveCase => ({
  what: `${what} on the phone`,
  act: ({ simulator, pn }) => simulator.settings.modify(pn, modification),
  ...chat,
  shows: () => ({ chat: shown }),
});
const settings: LiveCase[] = [
  {
    what: 'a name of the address book',
    act: ({ simulator, pn }) => simulator.settings.name(pn, 'Wilhelmina Saved'),
    tool: 'get_contact',
    args: ({ lid }) => ({ contact: lid }),
    shows: ({ pn }) => ({ contact: { jid: pn, name: 'Wilhelmina Saved' } }),
  },
  setting('a chat is archived', { archive: true, lastMessages: [] }, { archived: true }),
  setting('a chat is taken out of the archive', { archive: false, lastMessages: [] }, { archived: false }),
  setting('a chat is pinned', { pin: true }, { pinned: true }),
  setting('a chat is pinned no more', { pin: false }, { pinned: false }),
  setting('a chat is muted', { mute: Date.now() + 3_600_000 }, { muted_until: expect.stringMatching(/^20/) }),
  setting('a chat is muted no more', { mute: null }, { muted_until: null }),
  {
    what: 'unread messages are listed',
    act: async ({ simulator, pn, ids }) => {
      await simulator.settings.modify(pn, { markRead: true, lastMessages: [] });
      for (const n of [1, 2, 3, 4]) {
        ids[`unread${n}`] = await simulator.sendText(`unread ${n}`, { from: pn, timestamp: secondOf(n * 10) });
      }
    },
    tool: 'list_unread',
    args: () => ({ limit: 1, lines: 4 }),
    shows: ({ pn }) => ({ chats: [{ chat_jid: pn, unread_count: 4, lines: [{ content: 'unread 1' }, {}, {}, {}] }] }),
  },
  {
    what: 'a read mark reaches as far as the phone had read, and not to what came since',
    act: ({ simulator, pn, ids }) =>
      simulator.settings.modify(pn, {
        markRead: true,
        lastMessages: [{ key: { remoteJid: pn, id: ids['unread2'] ?? '' }, messageTimestamp: secondOf(25) }],
      }),
    ...chat,
    shows: () => ({ chat: { unread_count: 2 } }),
  },
  {
    what: 'a message that was read on the phone',
    act: ({ simulator, me, pn, ids }) =>
      simulator.receipt({ from: me.pn, chat: pn, ids: [ids['unread3'] ?? ''], type: 'read' }),
    ...chat,
    shows: () => ({ chat: { unread_count: 1 } }),
  },
  {
    what: 'a message that was deleted on the phone, for its owner alone, is not listed',
    act: ({ simulator, pn, ids }) => {
      const key = { remoteJid: pn, id: ids['unread4'] ?? '', fromMe: false };
      return simulator.settings.modify(pn, { deleteForMe: { key, timestamp: secondOf(0), deleteMedia: false } });
    },
    tool: 'list_messages',
    args: ({ pn }) => ({ chat_jid: pn, limit: 1 }),
    shows: () => ({ chat: { unread_count: 0 }, messages: [{ content: 'unread 3' }] }),
  },
  {
    what: 'a chat that was cleared on the phone says so and keeps its messages',
    act: ({ simulator, pn }) => simulator.settings.modify(pn, { clear: true, lastMessages: [] }),
    tool: 'list_messages',
    args: ({ pn }) => ({ chat_jid: pn, limit: 1 }),
    shows: () => ({ chat: { cleared_at: expect.stringMatching(/^20/) }, messages: [{ content: 'unread 3' }] }),
  },
];

const groupChat = { tool: 'get_chat', args: ({ group }: Scene) => ({ chat_jid: group }) };
const member = (jid: string, role: string) =>
  expect.arrayContaining([expect.objectContaining({ jid: expect.stringMatching(jid.split('@')[0] ?? ''), role })]);

const groups: LiveCase[] = [
  {
    what: 'the subject of a group, the last of two',
    act: ({ simulator, group, members }) => {
      for (const subject of ['First new subject', 'Last new subject']) {
        simulator.changeGroup(group, members[0], { kind: 'subject', subject });
      }
    },
    tool: 'list_chats',
    args: () => ({ query: 'last new sub' }),
    shows: ({ group }) => ({ chats: [{ chat_jid: group, name: 'Last new subject' }] }),
  },
  ...(['promote', 'demote'] as const).map(
    (kind): LiveCase => ({
      what: `${kind} of a member of a group`,
      act: ({ simulator, group, members, me }) => simulator.changeGroup(group, members[0], { kind, members: [me.lid] }),
      ...groupChat,
      shows: ({ me }) => ({ chat: { participants: member(me.pn, kind === 'promote' ? 'admin' : 'member') } }),
    }),
  ),
  {
    what: 'a member who left a group is none of it',
    act: ({ simulator, group, members, ids }) => {
      ids['size'] = String(simulator.world.chats.find(({ jid }) => jid === group)?.participants?.length);
      simulator.changeGroup(group, members[0], { kind: 'remove', members: [members[1]] });
    },
    ...groupChat,
    shows: ({ ids }) => ({ chat: { participant_count: Number(ids['size']) - 1 } }),
  },
  {
    what: 'a member who joined a group is in it',
    act: ({ simulator, group, members }) =>
      simulator.changeGroup(group, members[0], { kind: 'add', members: [members[1]] }),
    ...groupChat,
    shows: ({ ids }) => ({ chat: { participant_count: Number(ids['size']) } }),
  },
  {
    what: 'a group that was made',
    act: ({ simulator, members, me, ids }) => {
      ids['made'] = simulator.createGroup(members[0], 'Just made', [me.lid, members[1]]);
    },
    tool: 'get_chat',
    args: () => ({ chat_jid: 'just made' }),
    shows: ({ ids }) => ({ chat: { chat_jid: ids['made'], kind: 'group', participant_count: 3 } }),
  },
];

/** Events of chats and groups. */
export const chatCases: readonly LiveCase[] = [...settings, ...groups];
