import { describe, expect, test } from 'vitest';
import { dataPaths } from '../../../src/config.ts';
import type { Simulator } from '../../../src/simulator/simulator.ts';
import { type Contents, contentsOf, differences, integrityOf } from '../../support/e2e/database.ts';
import { killedAt, type Point, serveOn, setUp, setUpPoints } from '../../support/e2e/kill.ts';
import { temporaryDir } from '../../support/e2e/program.ts';
import { startWorld } from '../../support/e2e/simulator.ts';
import { seeded } from '../../support/random.ts';

const messages = 2000;
const random = seeded(20261122);
interface Death {
  name: string;
  chance: number;
}

const at = (name: string, chance = 0.5): Death => ({ name, chance });
const named = Object.keys(setUpPoints).filter((name) => !name.startsWith('a random moment'));
/** A process that is killed early has most of the way left, so that one run has several kills. */
const lives = {
  'while it is linked and the history comes': named.slice(0, 4).map((name) => at(name)),
  'in downloads and copies': named.slice(4).map((name) => at(name)),
  // A sample: `npm run proof -- kill` kills at a hundred moments.
  'at two random moments': Array.from({ length: 2 }, () => at('a random moment on the way', random())),
};
/** One result for all runs, because the simulated world is the same. */
let calm: { contents: Contents; spanMs: number } | undefined;

/** The content of messages.db after an undisturbed run, and its duration. */
async function undisturbed(simulator: Simulator) {
  const dataDir = temporaryDir();
  const from = performance.now();
  const server = await serveOn(simulator, dataDir);
  await setUp(server, simulator);
  const spanMs = performance.now() - from;
  await server.end();
  return { contents: contentsOf(dataDir), spanMs };
}

/**
 * A data directory on which one process after another is killed at its point; retries until each kill has left the
 * intended state. A process that finished first starts again.
 */
async function killedInTurn(simulator: Simulator, deaths: readonly Death[], spanMs: number) {
  let dataDir = temporaryDir();
  for (const { name, chance } of deaths) {
    const point = setUpPoints[name] as Point;
    for (let tries = 0; ; tries++) {
      if (tries === 10) throw new Error(`${name} did not come`);
      // The first run is the slowest: a random moment that came too late is moved earlier.
      const scene = { simulator, dataDir, messages, live: 0, chance, spanMs: spanMs * 0.7 ** tries };
      const hit = await killedAt(point, scene, (server) => setUp(server, simulator));
      if (hit && (point.left?.(scene) ?? true)) break;
      dataDir = temporaryDir();
    }
  }
  return dataDir;
}

async function finished(simulator: Simulator, dataDir: string) {
  const server = await serveOn(simulator, dataDir);
  await setUp(server, simulator);
  const statistics = await server.call('get_message_statistics');
  await server.end();
  return { statistics, contents: contentsOf(dataDir), integrity: integrityOf(dataPaths(dataDir).messages) };
}

describe('Killed and started again, over and over, the program ends with the rows of an undisturbed run', () => {
  test.each(Object.entries(lives))(
    '%s',
    async (_, deaths) => {
      const simulator = await startWorld({ messages });
      calm ??= await undisturbed(simulator);
      const dataDir = await killedInTurn(simulator, deaths, calm.spanMs);
      const { contents, integrity, statistics } = await finished(simulator, dataDir);
      expect(differences(contents, calm.contents).slice(0, 5)).toEqual([]);
      expect(integrity).toBe('ok');
      expect(statistics).toMatchObject({ total_messages: messages });
    },
    600_000,
  );

  test('each named moment is one of a life', () => {
    const points = Object.values(lives).flatMap((deaths) => deaths.map(({ name }) => name));
    expect(new Set(points)).toEqual(new Set(Object.keys(setUpPoints)));
  });
});

test('The comparison sees a missing row, an extra one and one that is there twice', async () => {
  const contents = { messages: ['a', 'b'], chats: [], contacts: [], changes: [] };
  expect(differences(contents, { ...contents, messages: ['a', 'b', 'c'] })).toHaveLength(1);
  expect(differences({ ...contents, messages: ['a', 'b', 'c'] }, contents)).toHaveLength(1);
  expect(differences({ ...contents, messages: ['a', 'b', 'b'] }, contents)).toEqual(['twice in messages']);
});
