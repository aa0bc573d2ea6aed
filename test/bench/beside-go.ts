import Database from 'better-sqlite3';
import { type DataPaths, dataPaths } from '../../src/config.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { createSync } from '../../src/sync/worker-client.ts';
import { atEnd, endAll } from '../support/at-end.ts';
import { temporaryDir } from '../support/e2e/program.ts';
import { type Insert, listenToInserts } from '../support/fakes/written-events.ts';
import { startLiveLoad } from '../support/wire/live-load.ts';
import { type StartedWaBridge, startWaBridge, waBridgeBinary } from '../support/wire/wa-bridge.ts';
import { bundle } from '../sync/worker-build.ts';
import { stageHistory } from './rows.ts';
import { limit, quantile, report } from './verdict.ts';

const perSecond = 50;

export interface BesideGoOptions {
  /** History rows to copy. */
  rows: number;
  /** How long the same live messages arrive before the copy, ms. */
  idleMs: number;
}

export interface BesideGo {
  /**
   * wa-bridge's inserts without a copy, during the copy of rows, and during the whole call: rows, checkpoint, index.
   */
  idle: Insert[];
  copying: Insert[];
  whole: Insert[];
  copyMs: number;
  live: number;
  /** wa-bridge's transactions that did not get the lock in time; such a failure of the copy would throw. */
  busyErrors: number;
  /** All faults in messages.db; empty in a good run. */
  wrong: string[];
}

/**
 * The real wa-bridge, linked to a simulated WhatsApp with 50 messages a second, while the sync worker copies staged
 * history into the same messages.db. Rejects when the copy fails.
 */
export async function besideGo({ rows, idleMs }: BesideGoOptions): Promise<BesideGo> {
  const dataDir = temporaryDir();
  const paths = dataPaths(dataDir);
  stageHistory(paths.staging, rows);
  const staged = historyIn(paths.staging);
  const simulator = await startSimulator({ messages: 100, sendHistory: false });
  atEnd(() => simulator.stop());
  const bridge = await startWaBridge({ dataDir, simulatorUrl: simulator.url });
  await link(bridge, simulator);
  const inserts = await listenToInserts(bridge);
  const quiet = await underLoad(simulator, () => new Promise((resolve) => setTimeout(resolve, idleMs)));
  const busy = await underLoad(simulator, () => copy(paths));
  const ids = [...quiet.ids, ...busy.ids];
  await atMost(30_000, async () => {
    await simulator.idle();
    await inserts.until(ids.length);
  });
  const { store } = (await bridge.status()) as { store: { busy_errors: number } };
  await bridge.stop();
  const within = (from: number, to: number) => inserts.all.filter(({ at, ms }) => at >= from && at - ms <= to);
  const { begun, ended, result: copied } = busy;
  return {
    idle: within(quiet.begun, quiet.ended),
    copying: within(begun, copied),
    whole: within(begun, ended),
    copyMs: copied - begun,
    live: ids.length,
    busyErrors: store.busy_errors,
    wrong: wrongIn(paths, staged, ids),
  };
}

/** wa-bridge does not acknowledge a message that it could not store, so the wait needs a limit. */
async function atMost(ms: number, work: () => Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limited = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work(), limited]);
  clearTimeout(timer);
}

async function link(bridge: StartedWaBridge, simulator: Simulator): Promise<void> {
  const active = simulator.next('active');
  const { qr } = await bridge.call('connection.pair', { method: 'qr' });
  await simulator.scan(String(qr));
  await active;
}

async function underLoad<T>(simulator: Simulator, work: () => Promise<T>) {
  const load = startLiveLoad(simulator, perSecond);
  const begun = performance.now();
  const result = await work();
  const ended = performance.now();
  return { begun, ended, result, ids: await load.stop() };
}

/** Copies and indexes all staged rows; resolves with the time of the last copied row. */
async function copy(paths: DataPaths): Promise<number> {
  const worker = await bundle('src/sync/worker.ts', 'beside-go-worker');
  const sync = createSync({ paths, quietMs: 0, workerPath: worker.path });
  let copied = 0;
  try {
    await sync.transfer('history', {
      progress: (_done, _total, message) => {
        if (message === 'Copying messages') copied = performance.now();
      },
    });
    if (copied === 0) throw new Error('nothing was copied, or the worker calls it something else');
    return copied;
  } finally {
    await sync.close();
    worker.remove();
  }
}

/** Enough of a file's history to notice a row that is lost, doubled or mixed up. */
function historyIn(path: string, where = 'true'): unknown {
  return reading(path, (db) =>
    db
      .prepare(`SELECT count(*), sum(timestamp), sum(length(content) * (timestamp % 97)), count(DISTINCT id)
      FROM messages WHERE ${where}`)
      .raw()
      .get(),
  );
}

function reading<T>(path: string, read: (db: Database.Database) => T): T {
  const db = new Database(path, { readonly: true });
  try {
    return read(db);
  } finally {
    db.close();
  }
}

function wrongIn(paths: DataPaths, staged: unknown, ids: readonly string[]): string[] {
  const history = historyIn(paths.messages, "source = 'baileys'");
  return reading(paths.messages, (db) => {
    const live = db.prepare<[], string>("SELECT id FROM messages WHERE source = 'whatsmeow'").pluck().all();
    const there = new Set(live);
    const lost = ids.filter((id) => !there.has(id)).length;
    const integrity = db.pragma('integrity_check', { simple: true });
    return [
      ...(String(history) === String(staged) ? [] : [`history: ${history}, staged were ${staged}`]),
      ...(lost > 0 ? [`${lost} live messages are lost`] : []),
      ...(live.length === ids.length ? [] : [`${live.length} live rows of ${ids.length} messages`]),
      ...(integrity === 'ok' ? [] : [`integrity: ${integrity}`]),
    ];
  });
}

/** `npm run bench -- beside-go`: how a copy affects a live wa-bridge that writes the same file. */
export async function main(args: string[]): Promise<boolean> {
  const rows = args.includes('--rows') ? Number(args[args.indexOf('--rows') + 1]) : 1_000_000;
  if (waBridgeBinary === undefined) return false; // the reason was printed
  try {
    const run = await besideGo({ rows, idleMs: 20_000 });
    const p95 = (inserts: readonly Insert[]) =>
      quantile(
        inserts.map(({ ms }) => ms),
        0.95,
      );
    const show = (inserts: readonly Insert[]) => {
      const of = (share: number) =>
        quantile(
          inserts.map(({ ms }) => ms),
          share,
        ).toFixed(1);
      return `p50 ${of(0.5)}, p95 ${of(0.95)}, max ${of(1)} ms (${inserts.length})`;
    };
    console.log(`\n${rows} rows copied in ${(run.copyMs / 1000).toFixed(1)} s beside wa-bridge at ${perSecond}/s`);
    console.log(
      `live inserts: idle ${show(run.idle)}; beside the copy ${show(run.copying)}; whole call ${show(run.whole)}`,
    );
    for (const line of run.wrong) console.log(`MISS ${line}`);
    return report([
      limit('busy errors of wa-bridge; the copy had none', run.busyErrors, 0),
      limit(`live messages and rows lost, of ${run.live} and ${rows}`, run.wrong.length, 0),
      limit('live insert p95 while rows are copied to idle', p95(run.copying) / p95(run.idle), 10),
      limit('live insert p95 in the whole call to idle', p95(run.whole) / p95(run.idle), 10),
    ]);
  } finally {
    await endAll();
  }
}
