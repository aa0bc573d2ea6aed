import { afterAll, beforeAll, expect, test } from 'vitest';
import '../../../../src/stdout.ts';
import { messageTypes } from '../../../../src/domain/message.ts';
import { type Simulator, startSimulator } from '../../../../src/simulator/simulator.ts';
import { type Rig, rigOn, seedCredentials, temporaryFolder } from '../rig/rig.ts';

let simulator: Simulator;
let folder: { path: string; remove(): void };
let rig: Rig;

beforeAll(async () => {
  simulator = await startSimulator({ strict: true });
  folder = temporaryFolder();
  seedCredentials(folder.path, simulator.credentials());
  rig = rigOn(folder.path, simulator);
  await rig.bridge.connect();
  await rig.sink.complete();
}, 60_000);
afterAll(async () => {
  await rig.bridge.close();
  await simulator.stop();
  folder.remove();
});

test('the default world arrives with exactly its figures', () => {
  const rows = [...rig.sink.messages.values()];
  const media = rows.filter((row) => messageTypes[row.type].media).length;
  expect({ messages: rows.length, media, text: rows.length - media }).toEqual({
    messages: simulator.world.figures.messages,
    media: simulator.world.figures.media,
    text: simulator.world.figures.text,
  });
  expect(new Set(rows.map((row) => row.chatJid)).size).toBe(simulator.world.figures.chats);
});

test('no row of it is unsupported, and every kind of media is among them', () => {
  const types = new Set([...rig.sink.messages.values()].map((row) => row.type));
  expect(types).not.toContain('unsupported');
  for (const type of ['text', 'image', 'video', 'gif', 'audio', 'voice', 'document', 'sticker', 'poll'] as const) {
    expect(types).toContain(type);
  }
});

test('no ingest call carried more than 500 rows of a kind', () => {
  const largest = rig.sink.batches.map((batch) =>
    Math.max(...[batch.messages, batch.chats, batch.contacts, batch.lidPairs].map((list) => list?.length ?? 0)),
  );
  expect(Math.max(...largest)).toBeLessThanOrEqual(500);
  expect(Math.max(...largest)).toBeGreaterThan(100);
});
