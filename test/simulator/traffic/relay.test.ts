import { type BaileysEventMap, proto, type WAMessage, type WASocket } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import type { World } from '../../../src/simulator/world/world.ts';
import { type Client, connect, isOpen, memoryStore, textOf } from '../client.ts';
import { both, group, lidOnly, tinyPlan, tinyWorld } from '../tiny-world.ts';

const pn = both.pn as string;
const lid = both.lid as string;
const friend = lidOnly.lid as string;

/** The account is a member of the group, as of every group that it can write to. */
function world(): World {
  const tiny = tinyWorld();
  const chats = tiny.chats.map((chat) =>
    chat.jid === group ? { ...chat, participants: [tiny.me.lid, lid, friend] } : chat,
  );
  return { ...tiny, chats };
}

let simulator: Simulator;
let writer: Client;
let other: Client;
let late: Client;
const clients: Client[] = [];

/** Another linked device, with the messages that it can resend. */
async function linkedDevice(): Promise<Client> {
  const sent = new Map<string, WAMessage>();
  const getMessage = async ({ id }: proto.IMessageKey) => sent.get(id ?? '')?.message ?? undefined;
  const client = connect(simulator, memoryStore(simulator.credentials()), { getMessage });
  clients.push(client);
  client.socket.ev.on('messages.upsert', ({ messages }) => {
    for (const message of messages) if (message.key.fromMe) sent.set(message.key.id ?? '', message);
  });
  await client.until(isOpen);
  return client;
}

// One account for all tests, because linking takes longer than everything else.
beforeAll(async () => {
  simulator = await startSimulator({ world: world(), plan: tinyPlan, strict: true });
  writer = await linkedDevice();
  other = await linkedDevice();
  await simulator.idle();
});

afterAll(async () => {
  for (const client of clients.splice(0)) await client.close();
  await simulator.stop();
});

const send = async (to: string, content: Parameters<WASocket['sendMessage']>[1]): Promise<string> => {
  const sent = await writer.socket.sendMessage(to, content);
  return sent?.key.id ?? '';
};

const arrived = (client: Client, id: string) => client.message(({ key }) => key.id === id);

/** The devices that confirm a stanza from now on, once per confirmation. */
function confirmations(): (id: string) => string[] {
  const all: { id: string; device: string }[] = [];
  simulator.on('acked', (confirmed) => all.push(confirmed));
  return (id) => all.filter((one) => one.id === id).map(({ device }) => device);
}

/** The first matching update of a message. */
function update(has: (update: BaileysEventMap['messages.update'][number]) => boolean) {
  return new Promise<BaileysEventMap['messages.update'][number]>((resolve) => {
    other.socket.ev.on('messages.update', (updates) => {
      const found = updates.find(has);
      if (found) resolve(found);
    });
  });
}

describe('a message of a linked device', () => {
  it('to a phone number is read by the person, by the phone, and as an own message by the other device', async () => {
    const readers: string[] = [];
    const before = simulator.counters().decrypted[other.socket.user?.id ?? ''] ?? 0;
    const off = simulator.on('received', ({ by }) => readers.push(by.replace(/:0@/, '@')));
    const id = await send(pn, { text: 'from here' });
    const message = await arrived(other, id);
    expect(textOf(message)).toBe('from here');
    expect(message.key).toMatchObject({ remoteJid: pn, fromMe: true });
    await simulator.idle();
    off();
    expect(readers.toSorted()).toEqual([simulator.world.me.pn, pn]);
    const { decrypted, undecryptable } = simulator.counters();
    expect(decrypted[other.socket.user?.id ?? '']).toBe(before + 1);
    expect(undecryptable).toBe(0);
  });

  it('to a hidden identity reaches the other device under that', async () => {
    const message = await arrived(other, await send(friend, { text: 'hidden' }));
    expect(message.key).toMatchObject({ remoteJid: friend, fromMe: true });
    expect(textOf(message)).toBe('hidden');
  });

  it('to a group is read by every member and by the other device, with the key only before the first', async () => {
    const readers: string[] = [];
    simulator.on('received', ({ by, message }) => {
      if (message.extendedTextMessage?.text === 'two') readers.push(by);
    });
    const first = await arrived(other, await send(group, { text: 'one' }));
    const second = await arrived(other, await send(group, { text: 'two' }));
    expect([first, second].map(textOf)).toEqual(['one', 'two']);
    expect(second.key).toMatchObject({ remoteJid: group, fromMe: true });
    expect([first, second].map(({ message }) => Boolean(message?.senderKeyDistributionMessage))).toEqual([true, false]);
    await simulator.idle();
    expect(readers.toSorted()).toEqual([simulator.world.me.lid, lid, friend].toSorted());
    expect(simulator.counters().undecryptable).toBe(0);
  });

  it('changes earlier messages on the other device: edits, reactions, revocations', async () => {
    const edited = update(({ update }) => Boolean(update.message?.editedMessage));
    const revoked = update(({ update }) => update.messageStubType === proto.WebMessageInfo.StubType.REVOKE);
    const id = await send(pn, { text: 'helo' });
    const key = (await arrived(other, id)).key;
    const reaction = await arrived(other, await send(pn, { react: { text: '👍', key } }));
    await send(pn, { text: 'hello', edit: key });
    await send(pn, { delete: key });
    expect(reaction.message?.reactionMessage).toMatchObject({ text: '👍', key: { id } });
    expect((await edited).key.id).toBe(id);
    expect((await revoked).key.id).toBe(id);
  });

  it('does not come back to itself', async () => {
    const told = confirmations();
    const id = await send(group, { text: 'three' });
    await arrived(other, id);
    await simulator.idle();
    expect(told(id)).toContain(other.socket.user?.id);
    expect(told(id)).not.toContain(writer.socket.user?.id);
  });

  it('is sent again to the device that could not read it', async () => {
    await arrived(other, await send(pn, { text: 'a session to begin with' }));
    await simulator.idle();
    simulator.fail.damage();
    const resent = simulator.next('sent', ({ to }) => to === other.socket.user?.id);
    const id = await send(pn, { text: 'damaged on its way' });
    expect((await resent).id).toBe(id);
    const readable = (message: WAMessage) => message.key.id === id && textOf(message) !== undefined;
    expect(textOf(await other.message(readable))).toBe('damaged on its way');
    await simulator.idle();
  });

  it('reaches a device that was linked after the first message', async () => {
    await arrived(other, await send(pn, { text: 'before' }));
    late = await linkedDevice();
    await simulator.idle();
    const id = await send(pn, { text: 'after' });
    expect((await Promise.all([other, late].map((client) => arrived(client, id)))).map(textOf)).toEqual([
      'after',
      'after',
    ]);
  });

  it('is refused without a receiver', async () => {
    const refused = new Promise((resolve) => writer.socket.ws.on('CB:ack,class:message', resolve));
    await writer.socket.sendNode({ tag: 'message', attrs: { to: pn, id: '3EB0NOBODY', type: 'text' }, content: [] });
    expect(await refused).toMatchObject({ attrs: { id: '3EB0NOBODY', error: '479' } });
  });
});

describe('a receipt of a linked device', () => {
  it('marks the message as read on the other device, without an echo to itself', async () => {
    const read = update(({ update }) => update.status === proto.WebMessageInfo.Status.READ);
    const id = await simulator.sendText('read me', { from: pn });
    const { key } = await arrived(writer, id);
    await arrived(other, id);
    await simulator.idle();
    const before = simulator.counters().confirmed['ack receipt read'] ?? 0;
    await writer.socket.readMessages([key]);
    expect((await read).key).toMatchObject({ remoteJid: pn, id, fromMe: false });
    await simulator.idle();
    expect(simulator.counters().confirmed['ack receipt read']).toBe(before + simulator.devices().length - 1);
  });

  it('in a group is read there by the account', async () => {
    const read = new Promise<BaileysEventMap['message-receipt.update']>((resolve) =>
      other.socket.ev.on('message-receipt.update', resolve),
    );
    const id = await simulator.sendText('all read me', { from: lid, chat: group });
    const { key } = await arrived(writer, id);
    await writer.socket.readMessages([key]);
    expect(await read).toMatchObject([{ key: { remoteJid: group, id }, receipt: { userJid: simulator.world.me.pn } }]);
  });
});

describe('a held device', () => {
  it('receives everything in order on release, and the others at once', async () => {
    const letGo = simulator.hold(other.socket.user?.id ?? '');
    const ids: string[] = [];
    for (const text of ['one', 'two']) ids.push(await simulator.sendText(text, { from: pn }));
    await arrived(writer, ids[1] ?? '');
    const got = () => other.received.filter(({ key }) => ids.includes(key.id ?? ''));
    expect(got()).toEqual([]);
    letGo();
    await arrived(other, ids[1] ?? '');
    expect(got().map(textOf)).toEqual(['one', 'two']);
    await simulator.idle();
  });

  it('receives it once, also after a new connection', async () => {
    const told = confirmations();
    const letGo = simulator.hold(other.socket.user?.id ?? '');
    const id = await simulator.sendText('kept', { from: pn });
    const back = connect(simulator, other.store);
    clients.push(back);
    await back.until(isOpen);
    expect(back.received).toEqual([]);
    letGo();
    expect(textOf(await arrived(back, id))).toBe('kept');
    await simulator.idle();
    expect(told(id).filter((device) => device === back.socket.user?.id)).toHaveLength(1);
  });
});

describe('a removed device', () => {
  it('receives nothing more', async () => {
    simulator.unlink(late.socket.user?.id ?? '');
    await simulator.idle();
    const asked = simulator.counters().iq['usync/get/usync'];
    await send(pn, { text: 'after' });
    expect(simulator.counters().iq['usync/get/usync']).toBe((asked ?? 0) + 1);
    expect(simulator.counters().undecryptable).toBe(0);
  });
});
