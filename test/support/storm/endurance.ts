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

/** The memory of a process after a full collection, and the processor time it has used. */
export interface Holdings {
  heapUsed: number;
  rss: number;
  timers: number;
  resources: number;
  /** Listeners of the process itself: signals, errors, messages. */
  listeners: number;
  /** Open file descriptors; 0 where the system does not report them. */
  files: number;
  cpuMs: number;
}

export interface Sample extends Holdings {
  stagingBytes: number;
  authBytes: number;
  journalRows: number;
}

export interface EnduranceOptions {
  /** Total live messages, and how often the connection ends meanwhile. */
  messages: number;
  reconnects: number;
  /** How many samples are taken of the process. */
  samples: number;
}

export interface EnduranceResult {
  samples: Sample[];
  rows: number;
  expectedRows: number;
  staged: number;
  searched: number;
  logLines: number;
  /** All faults; empty in a good run. */
  wrong: string[];
}

const history = 300;
const searches = 25;
const codes: readonly StreamCode[] = [428, 515, 408, 503];

/** Inside the checkout, where the bundle finds its external packages. */
async function enduringServer() {
  const outdir = join(packageRoot(), 'node_modules', '.cache', `enduring-${process.pid}`);
  atEnd(() => rmSync(outdir, { recursive: true, force: true }));
  await build({ ...bundling, entryPoints: ['test/support/storm/enduring-server.ts'], outdir });
  return { node: ['--expose-gc'], entry: join(outdir, 'enduring-server.js') };
}

/** A server that receives messages for a long time, while its connection ends repeatedly. */
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

/** Includes the write-ahead log. */
const bytesOf = (path: string): number =>
  [path, `${path}-wal`].reduce((sum, file) => sum + (existsSync(file) ? statSync(file).size : 0), 0);

function filesOf(dataDir: string): Omit<Sample, keyof Holdings> {
  const { staging, auth } = dataPaths(dataDir);
  return { stagingBytes: bytesOf(staging), authBytes: bytesOf(auth), journalRows: countRows(auth, 'journal') };
}

/** Waits until all is copied: a second after the last message, or longer on a busy machine. */
async function allCopied(dataDir: string, rows: number): Promise<void> {
  const until = Date.now() + 30_000;
  while (countRows(dataPaths(dataDir).messages, 'messages') < rows && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Searches for messages from the whole period, each by a unique word; an edited or revoked one has another word. */
async function notFound({ call }: ServedClient, messages: number): Promise<number[]> {
  const lost: number[] = [];
  for (let search = 0; search < searches; search++) {
    let n = Math.floor((messages * (search + 1)) / (searches + 2)); // the first numbers are prefixes of many others
    while (!makesRow(n) || n % 8 === 0) n++;
    const { messages: found } = await call('query_synced_messages', { content: `number${n}`, limit: 50 });
    if ((found as { id: string }[]).filter(({ id }) => id === liveId(n)).length !== 1) lost.push(n);
  }
  return lost;
}
