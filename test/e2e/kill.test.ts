import { describe, expect, test } from 'vitest';
import { dataPaths } from '../../src/config.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { type Contents, contentsOf, differences, integrityOf } from '../support/e2e-database.ts';
import { killedAt, type Point, serveOn, setUp, setUpPoints } from '../support/e2e-kill.ts';
import { temporaryDir } from '../support/e2e-program.ts';
import { startWorld } from '../support/e2e-simulator.ts';

const messages = 3000;
/** The same for every point, since the world is. */
let expected: Contents | undefined;

/** What messages.db holds after a run that nobody disturbed. */
async function undisturbed(simulator: Simulator) {
  const dataDir = temporaryDir();
  const server = await serveOn(simulator, dataDir);
  await setUp(server, simulator);
  await server.end();
  return contentsOf(dataDir);
}

/** A data directory as a process leaves it that was killed there; tried until it has really left what the point is about. */
async function killedWith(simulator: Simulator, point: Point): Promise<string> {
  for (let tries = 0; tries < 10; tries++) {
    const scene = { simulator, dataDir: temporaryDir(), messages, live: 0, chance: 0.5 };
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
  test.each(Object.keys(setUpPoints))(
    '%s',
    async (name) => {
      const simulator = await startWorld({ messages });
      expected ??= await undisturbed(simulator);
      const dataDir = await killedWith(simulator, setUpPoints[name] as Point);
      const { contents, integrity, statistics } = await finished(simulator, dataDir);
      expect(differences(contents, expected).slice(0, 5)).toEqual([]);
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
