import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { editOf, revocationOf } from '../../../src/simulator/traffic/live.ts';
import { type Client, connect, isOpen, memoryStore, proto, textOf } from '../client.ts';
import { both, group, lidOnly, pnOnly, tinyPlan, tinyWorld } from '../tiny-world.ts';

const tinyPart = [...tinyPlan(tinyWorld())].length;

const pn = both.pn as string;
const lid = both.lid as string;

let simulator: Simulator;
let store: ReturnType<typeof memoryStore>;
let client: Client;

beforeEach(async () => {
  simulator = await startSimulator({ world: tinyWorld(), plan: tinyPlan, strict: true });
  store = memoryStore(simulator.credentials());
  client = connect(simulator, store);
  await client.historyOf(9);
  await simulator.idle();
});

afterEach(async () => {
  await client.close();
  await simulator.stop();
});

describe('live messages', () => {
  it('arrive from a contact under the phone number, with the LID beside it', async () => {
    const id = await simulator.sendText('hello', { from: pn });
    const message = await client.message(({ key }) => key.id === id);
    expect(textOf(message)).toBe('hello');
    expect(message.key).toMatchObject({ remoteJid: pn, remoteJidAlt: lid, fromMe: false });
    expect(message.pushName).toBe('Avery Test');
  });

  it('arrive from a contact under the LID, with the phone number beside it', async () => {
    const id = await simulator.sendText('hello', { from: pn, addressing: 'lid' });
    const message = await client.message(({ key }) => key.id === id);
    expect(message.key).toMatchObject({ remoteJid: lid, remoteJidAlt: pn });
  });

  it('arrive from people who have only one address', async () => {
    const first = await simulator.sendText('one', { from: pnOnly.pn as string, addressing: 'lid' });
    const second = await simulator.sendText('two', { from: lidOnly.lid as string });
    expect((await client.message(({ key }) => key.id === first)).key.remoteJid).toBe(pnOnly.pn);
    expect((await client.message(({ key }) => key.id === second)).key.remoteJid).toBe(lidOnly.lid);
  });

  it('arrive in a group, with the sender key only before the first', async () => {
    const ids = [];
    for (const text of ['one', 'two']) ids.push(await simulator.sendText(text, { from: lid, chat: group }));
    const messages = await Promise.all(ids.map((id) => client.message(({ key }) => key.id === id)));
    expect(messages.map(textOf)).toEqual(['one', 'two']);
    expect(messages[0]?.key).toMatchObject({ remoteJid: group, participant: lid, participantAlt: pn });
    expect(messages.map(({ message }) => Boolean(message?.senderKeyDistributionMessage))).toEqual([true, false]);
  });

  it('arrive in a group one key after the other, so that a reader has no key left over', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push(await simulator.sendText(`number ${n}`, { from: lid, chat: group }));
    await client.message(({ key }) => key.id === ids.at(-1));
    await simulator.idle();
    const id = [...store.rows.keys()].find((key) => key.startsWith('sender-key '))?.slice('sender-key '.length) ?? '';
    const { [id]: record } = await store.keys.get('sender-key', [id]);
    expect(JSON.parse(String(record))).toEqual([
      expect.objectContaining({ senderChainKey: expect.objectContaining({ iteration: 5 }), senderMessageKeys: [] }),
    ]);
  });

  it('arrive as own messages when the phone sends them, to a person and to a group', async () => {
    const direct = await simulator.sendText('from my phone', { from: simulator.world.me.pn, chat: pn });
    const grouped = await simulator.sendText('to all', { from: simulator.world.me.pn, chat: group });
    const first = await client.message(({ key }) => key.id === direct);
    const second = await client.message(({ key }) => key.id === grouped);
    expect(first.key).toMatchObject({ remoteJid: pn, fromMe: true });
    expect(textOf(first)).toBe('from my phone');
    expect(second.key).toMatchObject({ remoteJid: group, fromMe: true });
    expect(textOf(second)).toBe('to all');
  });

  it('are edited and revoked', async () => {
    const updates: { id: string; edited: string | undefined; stub: number | undefined }[] = [];
    const both = new Promise<void>((resolve) => {
      client.socket.ev.on('messages.update', (changes) => {
        for (const { key, update } of changes) {
          const edited = update.message?.editedMessage?.message?.conversation ?? undefined;
          updates.push({ id: key.id ?? '', edited, stub: update.messageStubType ?? undefined });
        }
        if (updates.length >= 2) resolve();
      });
    });
    const id = await simulator.sendText('helo', { from: pn });
    await client.message(({ key }) => key.id === id);
    await simulator.send({ from: pn, message: editOf(pn, id, 'hello') });
    await simulator.send({ from: pn, message: revocationOf(pn, id) });
    await both;
    expect(updates).toEqual([
      { id, edited: 'hello', stub: undefined },
      { id, edited: undefined, stub: proto.WebMessageInfo.StubType.REVOKE },
    ]);
  });

  it('arrive as another part of the history when the phone sends one', async () => {
    const syncType = proto.HistorySync.HistorySyncType.FULL;
    const message = { key: { remoteJid: pn, id: 'OLD' }, message: { conversation: 'old' }, messageTimestamp: 1 };
    const conversations = [{ id: pn, messages: [{ message }] }];
    const part = { syncType, chunkOrder: 9, progress: 100, delivery: 'inline' as const };
    await simulator.sendHistoryPart({ ...part, build: () => ({ ...part, conversations }) });
    await client.historyOf(1, ({ key }) => key.id === 'OLD');
    await simulator.idle();
    expect(simulator.counters().historyNotifications).toBe(tinyPart + 1);
  });

  it('reach every linked device, each encrypted for itself', async () => {
    const second = connect(simulator, memoryStore(simulator.credentials()));
    await second.until(isOpen);
    const id = await simulator.sendText('to both', { from: pn });
    const messages = await Promise.all([client, second].map((one) => one.message(({ key }) => key.id === id)));
    expect(messages.map(textOf)).toEqual(['to both', 'to both']);
    await second.close();
  });

  it('arrive from two unpaired addresses, until the phone sends the pair', async () => {
    const ids = [
      await simulator.sendText('by number', { from: pn, alone: true }),
      await simulator.sendText('by LID', { from: pn, addressing: 'lid', alone: true }),
    ];
    const [number, hidden] = await Promise.all(ids.map((id) => client.message(({ key }) => key.id === id)));
    expect([number?.key.remoteJid, number?.key.remoteJidAlt]).toEqual([pn, undefined]);
    expect([hidden?.key.remoteJid, hidden?.key.remoteJidAlt]).toEqual([lid, undefined]);
    await simulator.tellPairs([{ pn, lid }]);
    const told = await client.message(({ message }) =>
      Boolean(message?.protocolMessage?.lidMigrationMappingSyncMessage),
    );
    const payload = told.message?.protocolMessage?.lidMigrationMappingSyncMessage?.encodedMappingPayload;
    const { pnToLidMappings } = proto.LIDMigrationMappingSyncPayload.decode(payload as Uint8Array);
    expect(pnToLidMappings.map((pair) => [`${pair.pn}@s.whatsapp.net`, `${pair.assignedLid}@lid`])).toEqual([
      [pn, lid],
    ]);
    const id = await simulator.sendText('and again', { from: pn, alone: true });
    expect(textOf(await client.message(({ key }) => key.id === id))).toBe('and again');
  });

  it('are not sent for strangers', async () => {
    await expect(simulator.sendText('who?', { from: '15550109999@s.whatsapp.net' })).rejects.toThrow('nobody');
  });
});
