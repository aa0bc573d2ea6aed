import { afterEach, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type Client, connect, isOpen, memoryStore, pair, textOf } from './client.ts';
import { tinyPlan, tinyWorld } from './tiny-world.ts';

let simulator: Simulator;
let client: Client | undefined;

afterEach(async () => {
  await client?.close();
  await simulator.stop();
});

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
});
