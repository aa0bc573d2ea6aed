import { setTimeout as after, setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { dataPaths } from '../../src/config.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { type ServedClient, serve } from '../support/e2e-client.ts';
import { contentsOf, countRows, differences, integrityOf } from '../support/e2e-database.ts';
import { link, retrieve } from '../support/e2e-link.ts';
import { temporaryDir } from '../support/e2e-program.ts';
import { startWorld } from '../support/e2e-simulator.ts';

const messages = 3000;
const randomMoments = 10;

function serveOn(simulator: Simulator, dataDir: string): Promise<ServedClient> {
  const env = { WHATSAPP_DATA_DIR: dataDir, WHATSAPP_HISTORY_QUIET_SECONDS: '0.3' };
  return serve(['--simulator', simulator.url], env);
}

/** All that a user does, from pairing, where it is still needed, to the last copied row. */
async function setUp(server: ServedClient, simulator: Simulator): Promise<void> {
  await link(server, simulator);
  await retrieve(server);
  await server.call('sync_history_to_database', {}, () => {});
}

/** What messages.db holds after a run that nobody disturbed, and how long that took. */
async function undisturbed(simulator: Simulator) {
  const dataDir = temporaryDir();
  const from = performance.now();
  const server = await serveOn(simulator, dataDir);
  await setUp(server, simulator);
  const ms = performance.now() - from;
  await server.end();
  return { contents: contentsOf(dataDir), ms };
}

/** Runs until the moment has come and kills without warning; gives the data directory as the dead left it. */
async function killedAt(simulator: Simulator, moment: (dataDir: string) => Promise<unknown>) {
  const dataDir = temporaryDir();
  const come = moment(dataDir).then(() => true);
  const server = await serveOn(simulator, dataDir);
  const work = setUp(server, simulator).catch(() => {}); // it is broken off
  const hit = await Promise.race([come, work.then(() => false)]);
  server.server.child.kill('SIGKILL');
  await Promise.all([server.server.ended, work]);
  return { dataDir, hit };
}

/** The same, until it has really left what the moment is about: a file system cannot be stopped in its course. */
async function killedWith(simulator: Simulator, { moment, left }: Point): Promise<string> {
  for (let tries = 0; tries < 10; tries++) {
    const { dataDir, hit } = await killedAt(simulator, (dir) => moment(simulator, dir));
    if (hit && left(dataDir)) return dataDir;
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

/** Resolves as soon as the files of a data directory look like this. */
async function look(question: () => boolean): Promise<void> {
  while (!question()) await turn();
}

const copied = (dataDir: string) => countRows(dataPaths(dataDir).messages, 'messages');
const staged = (dataDir: string) => countRows(dataPaths(dataDir).staging, 'messages');

interface Point {
  moment(simulator: Simulator, dataDir: string): Promise<unknown>;
  /** What a process that was killed at this moment leaves. */
  left(dataDir: string): boolean;
}

const points: Record<string, Point> = {
  'before the history receipt': {
    moment: (simulator) => simulator.next('history_sent'),
    left: (dir) => copied(dir) === 0,
  },
  'the moment the simulator sees the receipt': {
    moment: (simulator) => simulator.next('history_receipt'),
    left: (dir) => copied(dir) === 0,
  },
  'in the middle of a blob': {
    moment(simulator) {
      simulator.fail.stall();
      return simulator.next('media_half');
    },
    left: (dir) => staged(dir) < messages,
  },
  'in the middle of the transfer': {
    moment: (_, dir) => look(() => copied(dir) > 0),
    left: (dir) => copied(dir) > 0 && copied(dir) < messages,
  },
  'between commit and deletion': {
    moment: (_, dir) => look(() => copied(dir) === messages),
    left: (dir) => copied(dir) === messages && staged(dir) > 0,
  },
};

describe('Killed and started again, the program ends with the rows of an undisturbed run', () => {
  test.each(Object.keys(points))(
    '%s',
    async (name) => {
      const simulator = await startWorld({ messages });
      const expected = await undisturbed(simulator);
      const dataDir = await killedWith(simulator, points[name] as Point);
      const { contents, integrity, statistics } = await finished(simulator, dataDir);
      expect(differences(contents, expected.contents).slice(0, 5)).toEqual([]);
      expect(integrity).toBe('ok');
      expect(statistics).toMatchObject({ total_messages: messages });
    },
    120_000,
  );

  test(`at ${randomMoments} random moments`, async () => {
    const simulator = await startWorld({ messages });
    const expected = await undisturbed(simulator);
    const random = seeded(20261122);
    for (let run = 0; run < randomMoments; run++) {
      const ms = Math.round(random() * expected.ms);
      const { dataDir } = await killedAt(simulator, () => after(ms));
      const { contents, integrity } = await finished(simulator, dataDir);
      expect({ ms, integrity, wrong: differences(contents, expected.contents).slice(0, 5) }).toEqual({
        ms,
        integrity: 'ok',
        wrong: [],
      });
    }
  }, 300_000);
});

test('The comparison sees a missing row, an extra one and one that is there twice', async () => {
  const contents = { messages: ['a', 'b'], chats: [], contacts: [], changes: [] };
  expect(differences(contents, { ...contents, messages: ['a', 'b', 'c'] })).toHaveLength(1);
  expect(differences({ ...contents, messages: ['a', 'b', 'c'] }, contents)).toHaveLength(1);
  expect(differences({ ...contents, messages: ['a', 'b', 'b'] }, contents)).toEqual(['twice in messages']);
});

/** Mulberry32: numbers in [0, 1), the same ones for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
