import { once } from 'node:events';
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from '../../bridges/baileys/codec.ts';
import { dataPaths } from '../../src/config.ts';
import type { StreamCode } from '../../src/simulator/faults.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { openAuth } from '../../src/store/auth.ts';
import { expectOnlyProtocol, type ServedClient, serve } from './e2e-client.ts';
import { countRows } from './e2e-database.ts';
import { setUp } from './e2e-kill.ts';
import { temporaryDir } from './e2e-program.ts';
import { liveMessage, liveRows, liveWord } from './live-script.ts';

/** What a process holds after a full collection. */
export interface Holdings {
  heapUsed: number;
  rss: number;
  timers: number;
  resources: number;
  /** Of the process itself: signals, errors, messages. */
  listeners: number;
}

export interface EnduranceOptions {
  /** Live messages in all, and how often the connection ends meanwhile. */
  messages: number;
  reconnects: number;
  /** How often the process is looked at. */
  samples: number;
}

export interface EnduranceResult {
  samples: (Holdings & { stagingBytes: number })[];
  rows: number;
  expectedRows: number;
  staged: number;
  /** Words in the log that must not be there, without saying which ones. */
  leaks: string[];
  logLines: number;
}

const history = 300;
const codes: readonly StreamCode[] = [428, 515, 408, 503];

const other = {
  node: ['--expose-gc', '--import', 'tsx'],
  entry: join(import.meta.dirname, 'enduring-server.ts'),
};

/** A server that hears people write for a long time, while its connection ends over and over. */
export async function endure(
  options: EnduranceOptions,
  log: (line: string) => void = () => {},
): Promise<EnduranceResult> {
  const simulator = await startSimulator({ messages: history, strict: true });
  const dataDir = temporaryDir();
  const env = { WHATSAPP_DATA_DIR: dataDir, WHATSAPP_HISTORY_QUIET_SECONDS: '0.3' };
  const server = await serve(['--simulator', simulator.url], env, other);
  await setUp(server, simulator);
  const secrets = secretsIn(dataDir, simulator);
  const samples = await traffic(server, { simulator, dataDir, ...options, log });
  const expectedRows = history + liveRows(options.messages);
  await allCopied(dataDir, expectedRows);
  await server.end();
  await simulator.stop();
  expectOnlyProtocol(server.server.stdout());
  const stderr = server.server.stderr();
  return {
    samples,
    rows: countRows(dataPaths(dataDir).messages, 'messages'),
    expectedRows,
    staged: countRows(dataPaths(dataDir).staging, 'messages'),
    leaks: Object.entries(secrets).flatMap(([what, words]) =>
      words.some((word) => stderr.includes(word)) ? [what] : [],
    ),
    logLines: stderr.split('\n').length - 1,
  };
}

interface Course extends EnduranceOptions {
  simulator: Simulator;
  dataDir: string;
  log(line: string): void;
}

async function traffic(server: ServedClient, course: Course): Promise<EnduranceResult['samples']> {
  const { simulator, dataDir, messages, reconnects, log } = course;
  const samples: EnduranceResult['samples'] = [];
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
    const staging = dataPaths(dataDir).staging;
    samples.push({ ...(await holdingsOf(server)), stagingBytes: statSync(staging).size });
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

/** A second after the last message, or as much later as a busy machine needs. */
async function allCopied(dataDir: string, rows: number): Promise<void> {
  const until = Date.now() + 30_000;
  while (countRows(dataPaths(dataDir).messages, 'messages') < rows && Date.now() < until) {
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Words that no log may hold: private keys in both spellings, numbers, and the text of messages. */
function secretsIn(dataDir: string, simulator: Simulator): Record<string, string[]> {
  const keys = openAuth(dataPaths(dataDir).auth);
  const creds = parse(keys.get('creds', ['self']).get('self') ?? '{}') as Record<string, { private?: Buffer }>;
  keys.close();
  const secret = Object.values(creds).flatMap((value) => (value?.private ? [Buffer.from(value.private)] : []));
  if (secret.length < 2 || readFileSync(dataPaths(dataDir).auth).length === 0) throw new Error('no keys to look for');
  const { me, people } = simulator.world;
  return {
    keys: secret.flatMap((key) => [key.toString('base64'), key.toString('hex')]),
    numbers: [me, ...people].flatMap(({ pn, lid }) => [pn, lid].flatMap((jid) => jid?.split('@')[0] ?? [])),
    texts: [liveWord],
  };
}

/** What must not grow: the mean of the last quarter of the samples, as a share of the mean of the second. */
export function growth(samples: readonly Record<string, number>[], of: string): number {
  const quarter = Math.floor(samples.length / 4);
  const mean = (part: readonly Record<string, number>[]) =>
    part.reduce((sum, one) => sum + (one[of] ?? 0), 0) / part.length;
  return mean(samples.slice(-quarter)) / mean(samples.slice(quarter, 2 * quarter));
}
