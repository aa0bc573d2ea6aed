import { once } from 'node:events';
import { existsSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { bundling } from '../../../scripts/bundling.ts';
import { dataPaths, packageRoot } from '../../../src/config.ts';
import type { StreamCode } from '../../../src/simulator/faults/faults.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { atEnd } from '../at-end.ts';
import { type ServedClient, serve } from '../e2e/client.ts';
import { countRows, idsOf, integrityOf } from '../e2e/database.ts';
import { secretsOf, Witness } from '../e2e/discretion.ts';
import { setUp } from '../e2e/kill.ts';
import { temporaryDir } from '../e2e/program.ts';
import { liveId, liveMessage, liveRowIds, makesRow } from '../wire/live-script.ts';

/** What a process holds after a full collection, and the processor time that it took so far. */
export interface Holdings {
  heapUsed: number;
  rss: number;
  timers: number;
  resources: number;
  /** Of the process itself: signals, errors, messages. */
  listeners: number;
  /** Open file descriptors; 0 where the system does not tell. */
  files: number;
  cpuMs: number;
}

export interface Sample extends Holdings {
  stagingBytes: number;
  authBytes: number;
  journalRows: number;
}

export interface EnduranceOptions {
  /** Live messages in all, and how often the connection ends meanwhile. */
  messages: number;
  reconnects: number;
  /** How often the process is looked at. */
  samples: number;
}

export interface EnduranceResult {
  samples: Sample[];
  rows: number;
  expectedRows: number;
  staged: number;
  searched: number;
  logLines: number;
  /** Everything that was not as it should be; empty in a good run. */
  wrong: string[];
}

const history = 300;
const searches = 25;
const codes: readonly StreamCode[] = [428, 515, 408, 503];

/** Inside of the checkout, where the bundle finds the packages that stay outside of it. */
async function enduringServer() {
  const outdir = join(packageRoot(), 'node_modules', '.cache', `enduring-${process.pid}`);
  atEnd(() => rmSync(outdir, { recursive: true, force: true }));
  await build({ ...bundling, entryPoints: ['test/support/storm/enduring-server.ts'], outdir });
  return { node: ['--expose-gc'], entry: join(outdir, 'enduring-server.js') };
}

/** A server that hears people write for a long time, while its connection ends over and over. */
export async function endure(
  options: EnduranceOptions,
  log: (line: string) => void = () => {},
): Promise<EnduranceResult> {
  const simulator = await startSimulator({ messages: history, strict: true });
  const dataDir = temporaryDir();
  const witness = new Witness();
  const env = { WHATSAPP_DATA_DIR: dataDir, WHATSAPP_HISTORY_QUIET_SECONDS: '0.3' };
  const server = await serve(['--simulator', simulator.url], env, await enduringServer());
  await setUp(server, simulator);
  const samples = await traffic(server, { simulator, dataDir, ...options, log });
  const expected = liveRowIds(options.messages);
  await allCopied(dataDir, history + expected.length);
  const lost = await notFound(server, options.messages);
  const { code } = await server.end();
  await simulator.stop();
  const ids = idsOf(dataPaths(dataDir).messages);
  const integrity = integrityOf(dataPaths(dataDir).messages);
  const missing = missingFrom(ids, expected);
  return {
    samples,
    rows: ids.length,
    expectedRows: history + expected.length,
    staged: countRows(dataPaths(dataDir).staging, 'messages'),
    searched: searches,
    logLines: server.server.stderr().split('\n').length - 1,
    wrong: [
      ...witness.wrong(secretsOf(dataDir, simulator)),
      ...lost.map((n) => `message ${n} is not found`),
      ...(missing > 0 ? [`${missing} messages are lost`] : []),
      ...(code === 0 ? [] : [`the server ended with ${code}`]),
      ...(integrity === 'ok' ? [] : [`integrity: ${integrity}`]),
    ],
  };
}

function missingFrom(ids: readonly string[], expected: readonly string[]): number {
  const there = new Set(ids);
  return expected.filter((id) => !there.has(id)).length;
}

interface Course extends EnduranceOptions {
  simulator: Simulator;
  dataDir: string;
  log(line: string): void;
}

async function traffic(server: ServedClient, course: Course): Promise<Sample[]> {
  const { simulator, dataDir, messages, reconnects, log } = course;
  const samples: Sample[] = [];
  let sent = 0;
  for (let turn = 1; turn <= reconnects; turn++) {
    const until = Math.round((messages * turn) / reconnects);
    while (sent < until) await simulator.send(liveMessage(simulator.world, sent++));
    await simulator.idle();
    const again = simulator.next('active');
    simulator.fail.stream(codes[turn % codes.length] ?? 428);
    await again;
    if (turn % Math.ceil(reconnects / course.samples) !== 0) continue;
    await simulator.idle();
    samples.push({ ...(await holdingsOf(server)), ...filesOf(dataDir) });
    log(`${sent} messages, ${turn} reconnects: ${JSON.stringify(samples.at(-1))}`);
  }
  return samples;
}

async function holdingsOf({ server: { child } }: ServedClient): Promise<Holdings> {
  const answer = once(child, 'message');
  child.send('?');
  const [held] = (await answer) as [Holdings];
  return held;
}

/** With what is still in the write-ahead log. */
const bytesOf = (path: string): number =>
  [path, `${path}-wal`].reduce((sum, file) => sum + (existsSync(file) ? statSync(file).size : 0), 0);

function filesOf(dataDir: string): Omit<Sample, keyof Holdings> {
  const { staging, auth } = dataPaths(dataDir);
  return { stagingBytes: bytesOf(staging), authBytes: bytesOf(auth), journalRows: countRows(auth, 'journal') };
}

/** A second after the last message, or as much later as a busy machine needs. */
async function allCopied(dataDir: string, rows: number): Promise<void> {
  const until = Date.now() + 30_000;
  while (countRows(dataPaths(dataDir).messages, 'messages') < rows && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Looks for messages from the whole time, by a word that each has alone; an edited or revoked one has another. */
async function notFound({ call }: ServedClient, messages: number): Promise<number[]> {
  const lost: number[] = [];
  for (let search = 0; search < searches; search++) {
    let n = Math.floor((messages * (search + 1)) / (searches + 2)); // the first ones begin the words of many others
    while (!makesRow(n) || n % 8 === 0) n++;
    const { messages: found } = await call('query_synced_messages', { content: `number${n}`, limit: 50 });
    if ((found as { id: string }[]).filter(({ id }) => id === liveId(n)).length !== 1) lost.push(n);
  }
  return lost;
}
