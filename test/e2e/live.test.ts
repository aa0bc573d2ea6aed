import { expect, test } from 'vitest';
import { editOf } from '../../src/simulator/traffic/live.ts';
import type { Answer, ServedClient } from '../support/e2e/client.ts';
import { serveLinked, until } from '../support/e2e/live.ts';
import { startWorld } from '../support/e2e/simulator.ts';
import { pause } from '../support/poll.ts';
import { filled } from '../support/rows/shown.ts';
import { liveCases } from '../support/wire/live-cases.ts';
import { type LiveCase, type Scene, sceneOf, secondOf } from '../support/wire/live-scene.ts';

const patienceMs = 100_000;

/** Triggers an event and polls until the tools show it; fails with the last answer. */
async function play({ call }: ServedClient, scene: Scene, { what, act, tool, args, shows }: LiveCase): Promise<void> {
  await act(scene);
  const from = performance.now();
  for (;;) {
    const answer = await call(tool, args(scene)).catch((error: Error) => error.message);
    try {
      expect(filled(answer, shows(scene)), what).toMatchObject(shows(scene) as object);
      return;
    } catch (error) {
      if (performance.now() - from > patienceMs) throw error;
    }
    await pause();
  }
}

test('Everything that contacts, groups and the own phone do is shown by the tool for it', async () => {
  const simulator = await startWorld({ messages: 150 });
  const server = await serveLinked(simulator);
  const scene = sceneOf(simulator);
  for (const one of liveCases) await play(server, scene, one);
}, 300_000);

test('Messages that arrived while the server was down appear after its restart, in order and once', async () => {
  const simulator = await startWorld({ messages: 150 });
  const server = await serveLinked(simulator);
  const { pn, group, members } = sceneOf(simulator);
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
