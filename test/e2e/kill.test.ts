import { describe, expect, test } from 'vitest';
import { dataPaths } from '../../src/config.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { type Contents, contentsOf, differences, integrityOf } from '../support/e2e-database.ts';
import { killedAt, type Point, serveOn, setUp, setUpPoints } from '../support/e2e-kill.ts';
import { temporaryDir } from '../support/e2e-program.ts';
import { startWorld } from '../support/e2e-simulator.ts';
import { seeded } from '../support/random.ts';

const messages = 3000;
const random = seeded(20261122);
const randomMoments = Array.from({ length: 9 }, () => ['a random moment on the way', random()] as const);
/** The same for every point, since the world is. */
let calm: { contents: Contents; spanMs: number } | undefined;

/** What messages.db holds after a run that nobody disturbed, and how long that took. */
async function undisturbed(simulator: Simulator) {
  const dataDir = temporaryDir();
  const from = performance.now();
  const server = await serveOn(simulator, dataDir);
  await setUp(server, simulator);
  const spanMs = performance.now() - from;
  await server.end();
  return { contents: contentsOf(dataDir), spanMs };
}

/** A data directory as a process leaves it that was killed there; tried until it has really left what the point is about. */
async function killedWith(simulator: Simulator, point: Point, chance: number, spanMs: number): Promise<string> {
  for (let tries = 0; tries < 10; tries++) {
    // The first run is the slowest: a random moment that came too late is moved forward.
    const scene = { simulator, dataDir: temporaryDir(), messages, live: 0, chance, spanMs: spanMs * 0.85 ** tries };
    const hit = await killedAt(point, scene, (server) => setUp(server, simulator));
    if (hit && (point.left?.(scene) ?? true)) return scene.dataDir;
  }
  throw new Error('the moment did not come');
}

async function finished(simulator: Simulator, dataDir: string) {
  const server = await serveOn(simulator, dataDir);
  await setUp(server, simulator);
  const statistics = await server.call('get_message_statistics');
  await server.end();
  return { statistics, contents: contentsOf(dataDir), integrity: integrityOf(dataPaths(dataDir).messages) };
}

describe('Killed and started again, the program ends with the rows of an undisturbed run', () => {
  test.each([...Object.keys(setUpPoints).map((name) => [name, 0.5] as const), ...randomMoments])(
    '%s (%f)',
    async (name, chance) => {
      const simulator = await startWorld({ messages });
      calm ??= await undisturbed(simulator);
      const dataDir = await killedWith(simulator, setUpPoints[name] as Point, chance, calm.spanMs);
      const { contents, integrity, statistics } = await finished(simulator, dataDir);
      expect(differences(contents, calm.contents).slice(0, 5)).toEqual([]);
      expect(integrity).toBe('ok');
      expect(statistics).toMatchObject({ total_messages: messages });
    },
    120_000,
  );
});

test('The comparison sees a missing row, an extra one and one that is there twice', async () => {
  const contents = { messages: ['a', 'b'], chats: [], contacts: [], changes: [] };
  expect(differences(contents, { ...contents, messages: ['a', 'b', 'c'] })).toHaveLength(1);
  expect(differences({ ...contents, messages: ['a', 'b', 'c'] }, contents)).toHaveLength(1);
  expect(differences({ ...contents, messages: ['a', 'b', 'b'] }, contents)).toEqual(['twice in messages']);
});
