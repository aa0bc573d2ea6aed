import { type BaileysEventMap, decryptPollVote } from '@whiskeysockets/baileys';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { pollOf, voteMessage } from '../../src/simulator/traffic/vote.ts';
import { type Client, connect, memoryStore } from './client.ts';
import { both, group, lidOnly, pnOnly, tinyPlan, tinyWorld } from './tiny-world.ts';

const pn = both.pn as string;
const lid = both.lid as string;

let simulator: Simulator;
let client: Client;

beforeEach(async () => {
  const world = { ...tinyWorld(), people: [{ ...both, savedName: 'Avery Saved' }, pnOnly, lidOnly] };
  simulator = await startSimulator({ world, plan: tinyPlan, strict: true });
  // Checks every MAC: a wrong one would only be skipped with a warning.
  const checked = { appStateMacVerification: { patch: true, snapshot: true } };
  client = connect(simulator, memoryStore(simulator.credentials()), checked);
  await client.historyOf(9);
  await simulator.idle();
});

afterEach(async () => {
  await client.close();
  await simulator.stop();
});

/** The first payload of an event with a matching entry. */
function event<E extends 'chats.update' | 'contacts.upsert' | 'messages.update' | 'message-receipt.update'>(
  name: E,
  matches: (item: BaileysEventMap[E][number]) => boolean,
): Promise<BaileysEventMap[E][number]> {
  return new Promise((resolve) => {
    client.socket.ev.on(name, (items) => {
      const found = (items as BaileysEventMap[E][number][]).find(matches);
      if (found) resolve(found);
    });
  });
}

describe('settings of the account', () => {
  it('reach a device one after the other, and earlier ones on request', async () => {
    const archived = event('chats.update', ({ archived }) => archived === true);
    await simulator.settings.modify(pn, { archive: true, lastMessages: [] });
    expect(await archived).toMatchObject({ id: pn });
    const pinned = event('chats.update', ({ pinned }) => Boolean(pinned));
    await simulator.settings.modify(group, { pin: true });
    expect(await pinned).toMatchObject({ id: group });
    const read = event('chats.update', ({ unreadCount }) => unreadCount === 0);
    await simulator.settings.modify(group, { markRead: true, lastMessages: [] });
    expect(await read).toMatchObject({ id: group });
    const named = event('contacts.upsert', ({ name }) => name === 'Blake Saved');
    await simulator.settings.name(pnOnly.pn as string, 'Blake Saved');
    expect(await named).toMatchObject({ id: pnOnly.pn });
    const again = event('contacts.upsert', ({ name }) => name === 'Avery Saved');
    await client.socket.authState.keys.set({ 'app-state-sync-version': { critical_unblock_low: null } });
    await client.socket.resyncAppState(['critical_unblock_low'], false);
    expect(await again).toMatchObject({ id: pn, lid });
  });
});

describe('receipts', () => {
  it('report the actions of a person on own messages, in a direct chat and in a group', async () => {
    const { me } = simulator.world;
    const direct = await simulator.sendText('to one', { from: me.pn, chat: pn });
    const grouped = await simulator.sendText('to all', { from: me.pn, chat: group });
    await client.message(({ key }) => key.id === grouped);
    const read = event('messages.update', ({ key }) => key.id === direct);
    simulator.receipt({ from: pn, ids: [direct], type: 'read' });
    expect(await read).toMatchObject({ key: { remoteJid: pn, fromMe: true }, update: { status: 4 } });
    const delivered = event('message-receipt.update', ({ key }) => key.id === grouped);
    simulator.receipt({ from: lid, chat: group, ids: [grouped] });
    expect(await delivered).toMatchObject({ key: { remoteJid: group }, receipt: { userJid: lid } });
    expect(() => simulator.receipt({ from: pn, ids: [] })).toThrow('nothing');
  });

  it('of the phone itself report what was read there', async () => {
    const ids: string[] = [];
    for (const text of ['one', 'two']) ids.push(await simulator.sendText(text, { from: pn }));
    await client.message(({ key }) => key.id === ids[1]);
    const read = event('messages.update', ({ key }) => key.id === ids[1]);
    simulator.receipt({ from: simulator.world.me.pn, chat: pn, ids, type: 'read' });
    expect(await read).toMatchObject({ key: { remoteJid: pn, fromMe: false }, update: { status: 4 } });
  });
});

describe('groups', () => {
  const next = <E extends 'groups.upsert' | 'groups.update' | 'group-participants.update'>(name: E) =>
    new Promise<BaileysEventMap[E]>((resolve) => client.socket.ev.on(name, resolve));

  it('change, and queries show the result', async () => {
    const named = next('groups.update');
    simulator.changeGroup(group, lid, { kind: 'subject', subject: 'New name' });
    expect(await named).toMatchObject([{ id: group, subject: 'New name' }]);
    const added = next('group-participants.update');
    simulator.changeGroup(group, lid, { kind: 'add', members: [pnOnly.pn as string] });
    expect(await added).toMatchObject({ id: group, action: 'add', participants: [{ id: pnOnly.pn }] });
    simulator.changeGroup(group, lid, { kind: 'promote', members: [lid] });
    simulator.changeGroup(group, lid, { kind: 'remove', members: [lidOnly.lid as string] });
    const { subject, participants } = await client.socket.groupMetadata(group);
    expect(subject).toBe('New name');
    expect(participants.map(({ id, admin }) => [id, admin])).toEqual([
      [lid, 'admin'],
      [pnOnly.pn, null],
    ]);
    expect(() => simulator.changeGroup(pn, lid, { kind: 'subject', subject: '' })).toThrow('no such group');
  });

  it('are created', async () => {
    const made = next('groups.upsert');
    const jid = simulator.createGroup(lid, 'Just made', [simulator.world.me.lid]);
    expect(await made).toMatchObject([{ id: jid, subject: 'Just made', participants: [{ id: lid }, {}] }]);
    await expect(client.socket.groupMetadata('120363999999999999@g.us')).rejects.toThrow('item-not-found');
  });
});

describe('a vote', () => {
  it('can be read by those who have the poll', async () => {
    const { me } = simulator.world;
    const { message, secret } = pollOf('Lunch?', ['Soup', 'Salad']);
    const pollId = await simulator.send({ from: me.pn, chat: pn, message });
    const vote = { chat: pn, pollId, creator: me.pn, voter: pn, own: false, secret, choice: ['Salad'] };
    const id = await simulator.send({ from: pn, message: voteMessage(vote) });
    const received = await client.message(({ key }) => key.id === id);
    const encrypted = received.message?.pollUpdateMessage?.vote;
    const keys = { pollCreatorJid: me.pn, pollMsgId: pollId, pollEncKey: secret, voterJid: pn };
    expect(decryptPollVote(encrypted!, keys).selectedOptions).toHaveLength(1);
    expect(() => decryptPollVote(encrypted!, { ...keys, voterJid: lid })).toThrow();
  });
});

describe('actors', () => {
  it('do the same for a seed on every run, and all of it arrives', async () => {
    const first = await simulator.actors.start({ seed: 5, perSecond: 200, events: 40 }).done;
    const again = await simulator.actors.start({ seed: 5, perSecond: 200, events: 40 }).done;
    const what = (deeds: typeof first) => deeds.map(({ kind, from, chat, text }) => ({ kind, from, chat, text }));
    expect(what(again)).toEqual(what(first));
    expect(new Set(first.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(5);
    await simulator.idle();
    for (const { kind, id } of first) if (kind !== 'receipt') await client.message(({ key }) => key.id === id);
  });

  it('stop on request', async () => {
    const { done } = simulator.actors.start({ seed: 1, perSecond: 500 });
    await client.message(({ pushName }) => pushName !== null && pushName !== undefined);
    expect(client.received.length).toBeGreaterThan(0);
    simulator.actors.stop();
    expect((await done).length).toBeGreaterThan(0);
  });
});
