import type { proto } from '@whiskeysockets/baileys';
import { expect } from 'vitest';
import { editOf, revocationOf } from '../../../src/simulator/traffic/live.ts';
import { pollOf, voteMessage } from '../../../src/simulator/traffic/vote.ts';
import type { Answer } from '../e2e/client.ts';
import { chatCases } from './live-chat-cases.ts';
import type { LiveCase, Scene } from './live-scene.ts';

const media = { mimetype: 'application/pdf', fileLength: 5, fileSha256: Buffer.alloc(32, 1) };
const text = (words: string, contextInfo?: proto.IContextInfo): proto.IMessage => ({
  extendedTextMessage: { text: words, ...(contextInfo && { contextInfo }) },
});

/** A message of the contact, found by a unique word and shown in full. */
const said = (what: string, word: string, message: proto.IMessage, shown: Answer): LiveCase[] => [
  {
    what: `${what} is found`,
    act: async ({ simulator, pn, ids }) => {
      ids[word] = await simulator.send({ from: pn, message });
    },
    tool: 'query_synced_messages',
    args: () => ({ content: word }),
    shows: ({ pn, ids }) => ({ total: 1, messages: [{ id: ids[word], chat_jid: pn, is_from_me: false }] }),
  },
  {
    what: `${what} is shown whole`,
    act: () => {},
    tool: 'get_message',
    args: ({ ids }) => ({ message_id: ids[word] }),
    shows: () => ({ message: shown }),
  },
];

const link = { text: 'see https://example.org', matchedText: 'https://example.org', title: 'A titleword' };
const quote = { stanzaId: '3EB0QUOTED', quotedMessage: { conversation: 'earlier' } };
const named = { ...media, fileName: 'filenameword.pdf', caption: 'c' };

const messages: LiveCase[] = [
  ...said('a text', 'plainword', { conversation: 'a plainword' }, { type: 'text', content: 'a plainword' }),
  ...said('a caption', 'captionword', { imageMessage: { ...media, caption: 'captionword' } }, { media_type: 'image' }),
  ...said(
    'a file name',
    'filenameword',
    { documentWithCaptionMessage: { message: { documentMessage: named } } },
    { type: 'document', filename: 'filenameword.pdf', content: 'c' },
  ),
  ...said(
    'what may be seen once',
    'onceword',
    { viewOnceMessageV2: { message: { imageMessage: { ...media, caption: 'onceword' } } } },
    { view_once: true },
  ),
  ...said(
    'what disappears',
    'fadingword',
    { ephemeralMessage: { message: text('fadingword', { expiration: 86_400 }) } },
    { content: 'fadingword', expires_at: expect.stringMatching(/^20/) },
  ),
  ...said('what was forwarded', 'forwardword', text('forwardword', { isForwarded: true }), { forwarded: true }),
  ...said('a quote', 'quotingword', text('quotingword', quote), { quoted: { id: '3EB0QUOTED', text: 'earlier' } }),
  ...said(
    'the title of a link',
    'titleword',
    { extendedTextMessage: link },
    { details: { link: { title: link.title } } },
  ),
  {
    what: 'what a member of a group says is found',
    act: ({ simulator, group, members }) => simulator.sendText('to all groupword', { from: members[0], chat: group }),
    tool: 'list_messages',
    args: ({ group }) => ({ chat_jid: group, limit: 1 }),
    shows: () => ({ messages: [{ content: 'to all groupword', is_from_me: false }] }),
  },
  {
    what: 'what the phone itself sends is found as my own',
    act: async ({ simulator, me, pn, ids }) => {
      ids['own'] = await simulator.sendText('from my phone ownword', { from: me.pn, chat: pn });
    },
    tool: 'query_synced_messages',
    args: () => ({ content: 'ownword' }),
    shows: ({ pn }) => ({ messages: [{ chat_jid: pn, is_from_me: true, sender_name: 'You' }] }),
  },
];

const message = (id: string) => ({ tool: 'get_message', args: ({ ids }: Scene) => ({ message_id: ids[id] }) });

const changes: LiveCase[] = [
  {
    what: 'an edit is found by its new words',
    act: ({ simulator, pn, ids }) =>
      simulator.send({ from: pn, message: editOf(pn, ids['plainword'] ?? '', 'an editedword') }),
    tool: 'query_synced_messages',
    args: () => ({ content: 'editedword' }),
    shows: ({ ids }) => ({ total: 1, messages: [{ id: ids['plainword'], edited: true }] }),
  },
  {
    what: 'an edit is not found by its old words',
    act: () => {},
    tool: 'query_synced_messages',
    args: () => ({ content: 'plainword' }),
    shows: () => ({ total: 0 }),
  },
  {
    what: 'a reaction from the other address of the contact is theirs',
    act: ({ simulator, pn, lid, ids }) => {
      const key = { remoteJid: pn, fromMe: true, id: ids['plainword'] ?? '' };
      const reactionMessage = { key, text: '👍', senderTimestampMs: Date.now() };
      return simulator.send({ from: lid, message: { reactionMessage } });
    },
    ...message('plainword'),
    shows: ({ pn }) => ({ message: { reactions: [{ sender: pn, emoji: '👍' }] } }),
  },
  ...(['delivered', 'read', 'played'] as const).map(
    (status): LiveCase => ({
      what: `the receipt ${status} reaches the own message`,
      act: ({ simulator, pn, ids }) =>
        simulator.receipt({ from: pn, ids: [ids['own'] ?? ''], ...(status !== 'delivered' && { type: status }) }),
      ...message('own'),
      shows: () => ({ message: { status } }),
    }),
  ),
  {
    what: 'a star of the phone shows',
    act: ({ simulator, pn, ids }) =>
      simulator.settings.modify(pn, { star: { messages: [{ id: ids['own'] ?? '', fromMe: true }], star: true } }),
    ...message('own'),
    shows: () => ({ message: { starred: true } }),
  },
  ...(['after', 'before'] as const).map(
    (order): LiveCase => ({
      what: `a vote that comes ${order} its poll counts`,
      act: async ({ simulator, group, members: [creator, voter], ids }) => {
        const { message: poll, secret } = pollOf(`Zwieback ${order}?`, ['Soup', 'Salad']);
        const pollId = `3EB0P011${order.toUpperCase()}`;
        ids[order] = pollId;
        const vote = { chat: group, pollId, creator, voter, own: false, secret, choice: ['Salad'] };
        const steps = [
          () => simulator.send({ from: creator, chat: group, message: poll, id: pollId }),
          () => simulator.send({ from: voter, chat: group, message: voteMessage(vote) }),
        ];
        for (const step of order === 'before' ? steps.reverse() : steps) {
          await step();
          await simulator.idle();
        }
      },
      ...message(order),
      shows: () => ({ message: { poll: { options: [{ votes: 0 }, { name: 'Salad', votes: 1 }] } } }),
    }),
  ),
  {
    what: 'a message that its author takes back is empty',
    act: ({ simulator, pn, ids }) => simulator.send({ from: pn, message: revocationOf(pn, ids['plainword'] ?? '') }),
    ...message('plainword'),
    shows: () => ({ message: { type: 'revoked', content: '', revoked_at: expect.any(String) } }),
  },
];

/** All live events, in an order in which each case finds what it needs. */
export const liveCases: readonly LiveCase[] = [...messages, ...changes, ...chatCases];
