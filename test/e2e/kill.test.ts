import { setTimeout as after, setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { dataPaths } from '../../src/config.ts';
import type { Simulator } from '../../src/simulator/simulator.ts';
import { type ServedClient, serve } from '../support/e2e-client.ts';
import { contentsOf, countRows, differences, integrityOf } from '../support/e2e-database.ts';
import { temporaryDir } from '../support/e2e-program.ts';
import { startWorld } from '../support/e2e-simulator.ts';

const messages = 3000;
const randomMoments = 10;

function serveOn(simulator: Simulator, dataDir: string): Promise<ServedClient> {
  const env = { WHATSAPP_DATA_DIR: dataDir, WHATSAPP_HISTORY_QUIET_SECONDS: '0.3' };
  return serve(['--simulator', simulator.url], env);
}

/** All that a user does, from pairing, where it is still needed, to the last copied row. */
async function setUp({ call }: ServedClient, simulator: Simulator): Promise<void> {
  let pairing = await call('start_pairing');
  let scanned: unknown;
  while (pairing['state'] === 'pairing') {
    if (pairing['qr'] !== undefined && pairing['qr'] !== scanned) {
      scanned = pairing['qr'];
      await simulator.scan(String(scanned));
    }
    pairing = await call('get_pairing_status');
  }
  const history = await call('retrieve_full_history', { wait_for_completion: true, timeout: 100 }, () => {});
  if (history['status'] !== 'completed') throw new Error(`the history is ${history['status']}`);
  await call('sync_history_to_database', {}, () => {});
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

/** Runs until the moment has come, kills without warning, and gives the data directory as the dead left it. */
async function killedAt(simulator: Simulator, moment: (dataDir: string) => Promise<unknown>): Promise<string> {
  const dataDir = temporaryDir();
  const come = moment(dataDir);
  const server = await serveOn(simulator, dataDir);
  const work = setUp(server, simulator).catch(() => {}); // it is broken off
  await Promise.race([come, work]);
  server.server.child.kill('SIGKILL');
  await Promise.all([server.server.ended, work]);
  return dataDir;
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

describe('Killed and started again, the program ends with the rows of an undisturbed run', () => {
  const points: [string, (simulator: Simulator) => (dataDir: string) => Promise<unknown>][] = [
    ['before the history receipt', (simulator) => () => simulator.next('history_sent')],
    ['the moment the simulator sees the receipt', (simulator) => () => simulator.next('history_receipt')],
    ['in the middle of a blob', (simulator) => () => simulator.next('media_get')],
    ['in the middle of the transfer', () => (dir) => look(() => copied(dir) > 0)],
    ['between commit and deletion', () => (dir) => look(() => copied(dir) === messages && staged(dir) > 0)],
  ];

  test.each(points)(
    '%s',
    async (_, moment) => {
      const simulator = await startWorld({ messages });
      const expected = await undisturbed(simulator);
      const dataDir = await killedAt(simulator, moment(simulator));
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
      const dataDir = await killedAt(simulator, () => after(ms));
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
