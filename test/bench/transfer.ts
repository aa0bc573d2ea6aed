import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { migrate, openWriter } from '../../src/store/sqlite/database.ts';
import { createSync } from '../../src/sync/worker-client.ts';
import { bundle } from '../sync/worker-build.ts';
import { stageHistory } from './rows.ts';
import { limit, median, report, type Verdict } from './verdict.ts';

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const rounds = (rows: number) => (rows > 200_000 ? 1 : 3);

/** All figures of one size, each sample in a new process on new files. False when a limit is missed. */
export async function main(args: string[]): Promise<boolean> {
  const given = Number(args[args.indexOf('--rows') + 1]);
  const sizes = args.includes('--rows') ? [given] : [100_000, 1_000_000];
  let passed = true;
  for (const rows of sizes) passed = (await benchSize(rows)) && passed;
  return passed;
}

interface Files {
  folder: string;
  template: string;
  messages: string;
  staging: string;
}

async function benchSize(rows: number): Promise<boolean> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-transfer-'));
  const files: Files = {
    folder,
    template: join(folder, 'template.db'),
    messages: join(folder, 'messages.db'),
    staging: join(folder, 'staging.db'),
  };
  try {
    const staged = stageHistory(files.template, rows);
    console.log(`\n${rows} rows in 500 chats; staged at ${perSecond(rows, staged)}`);
    const verdicts = [...copyRatios(files, rows), ...(await sideEffects(files, rows))];
    return report(verdicts);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const perSecond = (rows: number, ms: number) => `${Math.round(rows / ms)}k rows/s`;
/** New files for one sample; the second staging.db has the same rows from another delivery. */
function fresh(files: Files): void {
  for (const path of [files.messages, files.staging, `${files.staging}.again`])
    for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true });
  copyFileSync(files.template, files.staging);
  copyFileSync(files.template, `${files.staging}.again`);
  const again = new Database(`${files.staging}.again`);
  again.prepare("UPDATE meta SET value = 'again' WHERE key = 'generation'").run();
  again.close();
}

function sample(files: Files, variant: string, rows: number): Record<string, number> {
  fresh(files);
  const args = [
    '--import',
    'tsx',
    script('./transfer-sample.ts'),
    variant,
    files.messages,
    files.staging,
    String(rows),
  ];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8' })) as Record<string, number>;
}

function copyRatios(files: Files, rows: number): Verdict[] {
  const runs = Array.from({ length: rounds(rows) }, () => ({
    raw: sample(files, 'raw', rows),
    loop: sample(files, 'loop', rows),
    ours: sample(files, 'ours', rows),
  }));
  const of = (pick: (run: (typeof runs)[number]) => number | undefined) =>
    median(runs.map((run) => pick(run) ?? Number.NaN));
  const [raw, loop, copy] = [
    of((run) => run.raw['copy']),
    of((run) => run.loop['copy']),
    of((run) => run.ours['copy']),
  ];
  const total = of((run) => run.ours['total']);
  console.log(
    `raw ${raw.toFixed(0)} ms, loop ${loop.toFixed(0)} ms, ours ${copy.toFixed(0)} ms (${perSecond(rows, copy)}), staged rows deleted after ${total.toFixed(0)} ms`,
  );
  return [
    limit(
      'copy to the raw, unindexed INSERT … SELECT (goal 4)',
      of((run) => (run.ours['copy'] ?? 0) / (run.raw['copy'] ?? 0)),
      7,
    ),
    limit(
      'copy to a row-by-row loop',
      of((run) => (run.ours['copy'] ?? 0) / (run.loop['copy'] ?? 0)),
      0.5,
    ),
    limit(
      'the same rows again to the first copy',
      of((run) => (run.ours['duplicates'] ?? 0) / (run.ours['copy'] ?? 0)),
      0.6,
    ),
    limit(
      'nothing new to the first copy',
      of((run) => (run.ours['nothing'] ?? 0) / (run.ours['copy'] ?? 0)),
      0.02,
    ),
    limit(
      'memory growth of the copy',
      of((run) => run.ours['growth']),
      120,
      ' MB',
    ),
  ];
}

/** A live writer during the copy, and how the copy with its index affects the main thread. */
async function sideEffects(files: Files, rows: number): Promise<Verdict[]> {
  const worker = await bundle('src/sync/worker.ts', 'bench-worker');
  try {
    fresh(files);
    const db = openWriter(files.messages);
    migrate(db);
    db.close();
    const pause = () => new Promise<void>((resolve) => setTimeout(resolve, 3000));
    const idle = await withWriter(files.messages, pause);
    const busy = await withWriter(files.messages, () => copyInWorker(files, worker.path, rows));
    fresh(files);
    const control = await maxBlock(() => copyElsewhere(files, rows));
    fresh(files);
    const block = await maxBlock(() => copyInWorker(files, worker.path, rows));
    const show = (run: LiveFigures) =>
      `p50 ${run.p50.toFixed(1)}, p95 ${run.p95.toFixed(1)}, max ${run.max.toFixed(1)} ms`;
    console.log(`live writer at 50/s: idle ${show(idle)}; beside the copy ${show(busy)} (${busy.rows} rows)`);
    return [
      limit('errors of the live writer', busy.errors, 0),
      limit('live writer p95 beside the copy to idle', busy.p95 / idle.p95, 20),
      limit(
        `longest block of the main loop, copy and index (${control.toFixed(0)} ms while another process does the work)`,
        block,
        Math.round(50 + 2 * control),
        ' ms',
      ),
    ];
  } finally {
    worker.remove();
  }
}

/** The same work in another process: the delay of the main loop then comes from the machine. */
async function copyElsewhere(files: Files, rows: number): Promise<void> {
  const args = [script('./transfer-sample.ts'), 'ours', files.messages, files.staging, String(rows)];
  const [code] = await once(spawn(process.execPath, ['--import', 'tsx', ...args], { stdio: 'ignore' }), 'exit');
  if (code !== 0) throw new Error('the copy in another process failed');
}

async function copyInWorker(files: Files, workerPath: string, rows: number): Promise<void> {
  const paths = {
    messages: files.messages,
    staging: files.staging,
    search: join(files.folder, `search-${Date.now()}.db`),
    auth: join(files.folder, 'auth.db'),
  };
  const sync = createSync({ paths, quietMs: 0, workerPath });
  try {
    const result = await sync.transfer('history');
    if (result.messages_synced !== rows) throw new Error(`copied ${result.messages_synced} rows, not ${rows}`);
  } finally {
    await sync.close();
  }
}

interface LiveFigures {
  rows: number;
  errors: number;
  p50: number;
  p95: number;
  max: number;
}

async function withWriter(messages: string, work: () => Promise<unknown>): Promise<LiveFigures> {
  const writer = spawn(process.execPath, ['--import', 'tsx', script('./live-writer.ts'), messages], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(writer.stdout, 'data');
  await work();
  const answer = once(writer.stdout, 'data');
  writer.stdin.end();
  const [text] = await answer;
  await once(writer, 'exit');
  return JSON.parse(String(text)) as LiveFigures;
}

/** The largest delay of a 1 ms timer, in milliseconds. */
async function maxBlock(work: () => Promise<void>): Promise<number> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last - 1);
    last = now;
  }, 1);
  await work();
  clearInterval(timer);
  return longest;
}
