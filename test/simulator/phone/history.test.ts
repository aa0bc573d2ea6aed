import type { WAMessage, WAMessageKey } from '@whiskeysockets/baileys';
import { afterEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import type { World, WorldChat } from '../../../src/simulator/world/world.ts';
import { type Client, connect, isOpen, memoryStore, pair, textOf } from '../client.ts';
import { tinyPlan, tinyWorld } from '../tiny-world.ts';

let simulator: Simulator;
let client: Client | undefined;

afterEach(async () => {
  await client?.close();
  await simulator.stop();
});

/** WhatsApp's own chat with status posts does not count as a chat. */
function countsInFigures({ key }: WAMessage): boolean {
  return key.remoteJid !== 'status@broadcast';
}

async function start(each = 3): Promise<void> {
  simulator = await startSimulator({ world: tinyWorld(each), plan: tinyPlan, strict: true });
}

describe('history', () => {
  it('reaches a paired client inline and as blobs, each message once', async () => {
    await start();
    client = await pair(simulator);
    const messages = await client.historyOf(9);
    expect(new Set(messages.map(({ key }) => key.id)).size).toBe(9);
    expect(messages.filter(({ key }) => key.remoteJid === '120363000000000001@g.us').map(textOf)).toEqual([
      'message 0',
      'message 1',
      'message 2',
    ]);
    await simulator.idle();
    expect(simulator.counters()).toMatchObject({ unanswered: 0, mediaGets: 2, historyNotifications: 4 });
  });

  it('reaches a client with seeded credentials', async () => {
    await start();
    client = connect(simulator, memoryStore(simulator.credentials()));
    await client.until(isOpen);
    expect(await client.historyOf(9)).toHaveLength(9);
  });

  it('of the default world is complete: every row of every chat, none twice', async () => {
    simulator = await startSimulator({ strict: true });
    const expected = simulator.world.chats
      .filter(({ jid }) => jid !== 'status@broadcast')
      .flatMap((chat) => [...chat.messages()].map(({ key }) => `${chat.jid} ${key?.id}`));
    client = connect(simulator, memoryStore(simulator.credentials()));
    const rows = await client.historyOf(expected.length, countsInFigures);
    expect(new Set(rows.map(({ key }) => `${key.remoteJid} ${key.id}`))).toEqual(new Set(expected));
    expect(rows).toHaveLength(new Set(expected).size);
    await simulator.idle();
    expect(simulator.counters().unanswered).toBe(0);
  });

  it('waits for a device that does not confirm, and continues when it is back', async () => {
    const plan = (world: World) => [1, 2, 3, 4, 5].flatMap(() => [...tinyPlan(world)]);
    simulator = await startSimulator({ world: tinyWorld(), plan, strict: true });
    const store = memoryStore(simulator.credentials());
    // The highest number of outstanding stanzas of one phone, however slow the client.
    let most = 0;
    simulator.on('history_sent', () => {
      most = Math.max(most, simulator.devices()[0]?.unconfirmed ?? 0);
    });
    simulator.fail.drop('history_sent');
    const full = simulator.next('history_sent', () => simulator.devices()[0]?.unconfirmed === 4);
    client = connect(simulator, store);
    await client.until(({ connection }) => connection === 'close');
    await full;
    client = connect(simulator, store);
    await simulator.idle();
    expect(simulator.counters().historyNotifications).toBe(20);
    expect(most).toBeLessThanOrEqual(4);
  });

  it('reaches further back on demand, under the id of the request', async () => {
    simulator = await startSimulator({ strict: true, sendHistory: false });
    const chat = simulator.world.chats.find(({ jid }) => jid === '1234567890@s.whatsapp.net') as WorldChat;
    const [oldest] = [...chat.messages()].reverse();
    const older = [...(chat.olderMessages?.() ?? [])].slice(0, 20).map(({ key }) => key?.id);
    client = connect(simulator, memoryStore(simulator.credentials()));
    await client.until(isOpen);
    await simulator.idle();
    const session = new Promise((resolve) => {
      client?.socket.ev.on('messaging-history.set', (set) => resolve(set.peerDataRequestSessionId));
    });
    const request = await client.socket.fetchMessageHistory(20, oldest?.key as WAMessageKey, 0);
    const page = await client.historyOf(20);
    expect(page.map(({ key }) => key.id)).toEqual(older);
    expect(await session).toBe(request);
  });

  it('is sent only on request when so configured; and again, complete, on every request', async () => {
    simulator = await startSimulator({ world: tinyWorld(), plan: tinyPlan, sendHistory: false });
    client = connect(simulator, memoryStore(simulator.credentials()));
    await client.until(isOpen);
    await simulator.idle();
    expect(simulator.counters().historyNotifications).toBe(0);
    await simulator.sendHistory();
    await client.historyOf(9);
    await simulator.idle();
    const last = simulator.next('history_sent', ({ done }) => done);
    const fetched = simulator.next('media_get', () => simulator.counters().mediaGets === 4);
    const response = await fetch(`${simulator.document.media_origin}/simulator/history`, { method: 'POST' });
    expect(await response.json()).toEqual({ devices: 1 });
    await Promise.all([last, fetched]);
    await simulator.idle();
    expect(simulator.counters().historyNotifications).toBe(8);
  });
});
