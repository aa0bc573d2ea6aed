import type { proto } from '@whiskeysockets/baileys';
import { expect, test } from 'vitest';
import { editOf, revocationOf } from '../../src/simulator/live.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { pollOf, voteMessage } from '../../src/simulator/vote.ts';
import type { Answer, ServedClient } from '../support/e2e-client.ts';
import { messagesOf, serveLinked, until } from '../support/e2e-live.ts';
import { startWorld } from '../support/e2e-simulator.ts';

const secondOf = (offset: number) => Math.floor(Date.now() / 1000) + offset;

/** Who takes part: a contact with both addresses, and a group of several. */
function cast({ world }: Simulator) {
  const person = world.people.find(({ pn, lid, business }) => pn && lid && !business);
  const group = world.chats.find(
    ({ jid, participants = [], count }) => jid.endsWith('@g.us') && count > 0 && participants.length > 3,
  );
  const members = group?.participants?.filter((jid) => jid !== world.me.pn && jid !== world.me.lid);
  if (!person?.pn || !person.lid || !group || !members?.[1]) throw new Error('this world is too small');
  return { me: world.me, pn: person.pn, lid: person.lid, group: group.jid, members: members as [string, string] };
}

/** Finds the one message with a word and gives it whole. */
async function found(server: ServedClient, word: string, times: number[]): Promise<Answer> {
  const { answer, ms } = await until(server, 'query_synced_messages', { content: word }, ({ total }) => total === 1);
  times.push(ms);
  const [{ id, chat_jid } = {}] = messagesOf(answer);
  return (await server.call('get_message', { message_id: id, chat_jid }))['message'] as Answer;
}

const media = { mimetype: 'application/pdf', fileLength: 5, fileSha256: Buffer.alloc(32, 1) };

/** Everything a message can be, each with a word of its own. */
const kinds: [string, proto.IMessage, Answer][] = [
  ['plainword', { conversation: 'a plainword here' }, { type: 'text', content: 'a plainword here' }],
  ['captionword', { imageMessage: { ...media, caption: 'captionword' } }, { type: 'image', media_type: 'image' }],
  [
    'filenameword',
    {
      documentWithCaptionMessage: {
        message: { documentMessage: { ...media, fileName: 'filenameword.pdf', caption: 'c' } },
      },
    },
    { type: 'document', filename: 'filenameword.pdf', content: 'c' },
  ],
  [
    'onceword',
    { viewOnceMessageV2: { message: { imageMessage: { ...media, caption: 'onceword' } } } },
    { view_once: true },
  ],
  [
    'fadingword',
    {
      ephemeralMessage: {
        message: { extendedTextMessage: { text: 'fadingword', contextInfo: { expiration: 86_400 } } },
      },
    },
    { content: 'fadingword', expires_at: expect.stringMatching(/^20/) },
  ],
  [
    'forwardword',
    { extendedTextMessage: { text: 'forwardword', contextInfo: { isForwarded: true, forwardingScore: 1 } } },
    { forwarded: true },
  ],
  [
    'quotingword',
    {
      extendedTextMessage: {
        text: 'quotingword',
        contextInfo: { stanzaId: '3EB0QUOTED', quotedMessage: { conversation: 'earlier' } },
      },
    },
    { quoted_id: '3EB0QUOTED', quoted: { id: '3EB0QUOTED', type: 'text', text: 'earlier' } },
  ],
  [
    'titleword',
    {
      extendedTextMessage: {
        text: 'see https://example.org',
        matchedText: 'https://example.org',
        title: 'A titleword',
      },
    },
    { details: { link: { url: 'https://example.org', title: 'A titleword' } } },
  ],
  ['pollword', { pollCreationMessageV3: { name: 'pollword', options: [{ optionName: 'Yes' }] } }, { type: 'poll' }],
];

test('Everything that a contact, a group or the own phone sends is found within a second, whole', async () => {
  const simulator = await startWorld({ messages: 150 });
  const server = await serveLinked(simulator);
  const { me, pn, group, members } = cast(simulator);
  const times: number[] = [];
  for (const [word, message, expected] of kinds) {
    await simulator.send({ from: pn, message });
    expect(await found(server, word, times)).toMatchObject({ ...expected, chat_jid: pn, is_from_me: false });
  }
  await simulator.sendText('to everybody groupword', { from: members[0], chat: group });
  expect(await found(server, 'groupword', times)).toMatchObject({ chat_jid: group, is_from_me: false });
  await simulator.sendText('from my phone ownword', { from: me.pn, chat: pn });
  expect(await found(server, 'ownword', times)).toMatchObject({ chat_jid: pn, is_from_me: true, sender_name: 'You' });
  times.sort((a, b) => a - b);
  expect(times[times.length >> 1]).toBeLessThan(1000);
});

test('What happens to messages later reaches them: edits, reactions, votes, receipts and revocations', async () => {
  const simulator = await startWorld({ messages: 150 });
  const server = await serveLinked(simulator);
  const { me, pn, lid, group, members } = cast(simulator);
  const whole = (id: string, wanted: (message: Answer) => boolean) =>
    until(server, 'get_message', { message_id: id }, (answer) => wanted(answer['message'] as Answer)).then(
      ({ answer }) => answer['message'] as Answer,
    );
  const sent = await simulator.sendText('the frist version', { from: pn });
  await until(server, 'query_synced_messages', { content: 'frist' }, ({ total }) => total === 1);
  await simulator.send({ from: pn, message: editOf(pn, sent, 'the second version') });
  await until(server, 'query_synced_messages', { content: 'second version' }, ({ total }) => total === 1);
  expect(await server.call('query_synced_messages', { content: 'frist' })).toMatchObject({ total: 0 });
  const key = { remoteJid: pn, fromMe: true, id: sent };
  await simulator.send({ from: lid, message: { reactionMessage: { key, text: '👍', senderTimestampMs: Date.now() } } });
  expect(await whole(sent, ({ reactions }) => (reactions as []).length > 0)).toMatchObject({
    edited: true,
    edits: [{ content: 'the second version' }],
    reactions: [{ sender: pn, emoji: '👍' }],
  });

  const own = await simulator.sendText('did it arrive?', { from: me.pn, chat: pn });
  await until(server, 'query_synced_messages', { content: 'did it arrive' }, ({ total }) => total === 1);
  simulator.receipt({ from: pn, ids: [own] });
  await whole(own, ({ status }) => status === 'delivered');
  simulator.receipt({ from: pn, ids: [own], type: 'read' });
  expect(await whole(own, ({ status }) => status === 'read')).toMatchObject({
    receipts: [{ recipient: pn, status: 'read' }],
  });

  const { message, secret } = pollOf('Zwieback?', ['Soup', 'Salad']);
  const poll = await simulator.send({ from: members[0], chat: group, message });
  const vote = {
    chat: group,
    pollId: poll,
    creator: members[0],
    voter: members[1],
    own: false,
    secret,
    choice: ['Salad'],
  };
  await simulator.send({ from: members[1], chat: group, message: voteMessage(vote) });
  await until(server, 'query_synced_messages', { content: 'Zwieback' }, ({ total }) => total === 1);
  const counted = (votes: unknown) => (votes as { options: { votes: number }[] } | null)?.options[1]?.votes === 1;
  expect((await whole(poll, (answer) => counted(answer['poll'])))['poll']).toEqual({
    question: 'Zwieback?',
    options: [
      { name: 'Soup', votes: 0 },
      { name: 'Salad', votes: 1 },
    ],
  });

  await simulator.send({ from: pn, message: revocationOf(pn, sent) });
  expect(await whole(sent, ({ type }) => type === 'revoked')).toMatchObject({
    content: '',
    revoked_at: expect.any(String),
  });
  expect(await server.call('query_synced_messages', { content: 'second version' })).toMatchObject({ total: 0 });
});

test('What the phone and others do to chats shows in them: names, settings, reading, subjects and members', async () => {
  const simulator = await startWorld({ messages: 150 });
  const server = await serveLinked(simulator);
  const { me, pn, group, members } = cast(simulator);
  const chat = (jid: string, wanted: (chat: Answer) => boolean) =>
    until(server, 'get_chat', { chat_jid: jid }, (answer) => wanted(answer['chat'] as Answer)).then(
      ({ answer }) => answer['chat'] as Answer,
    );
  await simulator.settings.name(pn, 'Wilhelmina Saved');
  await chat(pn, ({ name }) => name === 'Wilhelmina Saved');
  await simulator.settings.modify(pn, { archive: true, lastMessages: [] });
  await simulator.settings.modify(pn, { pin: true });
  await simulator.settings.modify(pn, { mute: Date.now() + 3_600_000 });
  await chat(pn, ({ archived, pinned, muted_until }) => archived === true && pinned === true && muted_until !== null);
  await simulator.settings.modify(pn, { archive: false, lastMessages: [] });
  await simulator.settings.modify(pn, { pin: false });
  await simulator.settings.modify(pn, { mute: null });
  await chat(pn, ({ archived, pinned, muted_until }) => archived === false && pinned === false && muted_until === null);

  await simulator.settings.modify(pn, { markRead: true, lastMessages: [] });
  await chat(pn, ({ unread_count }) => unread_count === 0);
  const ids: string[] = [];
  for (const n of [1, 2, 3])
    ids.push(await simulator.sendText(`unread ${n}`, { from: pn, timestamp: secondOf(n * 10) }));
  await chat(pn, ({ unread_count }) => unread_count === 3);
  simulator.receipt({ from: me.pn, chat: pn, ids: ids.slice(0, 2), type: 'read' });
  await chat(pn, ({ unread_count }) => unread_count === 1);
  const read = async (id: string) =>
    ((await server.call('get_message', { message_id: id }))['message'] as Answer)['read'];
  expect(await Promise.all(ids.map(read))).toEqual([true, true, false]);
  simulator.receipt({ from: me.pn, chat: pn, ids: ids.slice(2), type: 'read' });
  await chat(pn, ({ unread_count }) => unread_count === 0);
  await simulator.settings.modify(pn, { markRead: false, lastMessages: [] });

  const people = (answer: Answer) => answer['participants'] as { jid: string; role: string }[];
  const before = people(await chat(group, ({ participants }) => participants !== null)).length;
  simulator.changeGroup(group, members[0], { kind: 'subject', subject: 'First new subject' });
  simulator.changeGroup(group, members[0], { kind: 'subject', subject: 'Last new subject' });
  simulator.changeGroup(group, members[0], { kind: 'remove', members: [members[1]] });
  simulator.changeGroup(group, members[0], { kind: 'promote', members: [me.lid] });
  const changed = await chat(group, (now) => now['name'] === 'Last new subject' && people(now).length === before - 1);
  expect(changed['participant_count']).toBe(before - 1);
  const made = simulator.createGroup(members[0], 'Just made', [me.lid, members[1]]);
  const { answer } = await until(server, 'list_chats', { query: 'Just made' }, ({ total }) => total === 1);
  expect(answer['chats']).toMatchObject([{ chat_jid: made, kind: 'group' }]);
  expect(people(await chat(made, ({ participants }) => participants !== null))).toHaveLength(3);
});

test('What came while the server was away is there after it came back, in its order and once', async () => {
  const simulator = await startWorld({ messages: 150 });
  const server = await serveLinked(simulator);
  const { pn, group, members } = cast(simulator);
  simulator.fail.stream(428);
  await simulator.next('disconnected');
  const sent: string[] = [];
  for (let n = 0; n < 20; n++) {
    const message = n % 2 ? { from: pn } : { from: members[0], chat: group };
    sent.push(await simulator.sendText(`backlog ${n}`, { ...message, timestamp: secondOf(n) }));
  }
  await simulator.send({ from: pn, message: editOf(pn, sent[1]!, 'backlog edited') });
  await until(server, 'query_synced_messages', { content: 'backlog' }, ({ total }) => total === 20);
  const { messages } = await server.call('query_synced_messages', { content: 'backlog', limit: 50 });
  expect((messages as Answer[]).map(({ id }) => id)).toEqual(sent.toReversed());
  await until(server, 'query_synced_messages', { content: 'backlog edited' }, ({ total }) => total === 1);
});
