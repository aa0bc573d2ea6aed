import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../../src/stdout.ts';
import Database from 'better-sqlite3';
import { salvageMessages } from '../../src/store/salvage/salvage.ts';
import { seeded } from '../support/random.ts';
import { compareWithSingleReads } from '../support/salvage/comparison.ts';
import { copyOf, type DamageName, damages, sizeOf } from '../support/salvage/damages.ts';
import { backupWith } from '../support/salvage/hostile-backups.ts';
import { inAChild, type Measured } from '../support/salvage/in-a-child.ts';
import { storeWorld } from '../support/salvage/stored-world.ts';
import type { Verdict } from './run.ts';

const seeds = 4;
const size = { messages: 2500, chats: 80 };
/** A process that holds a whole file in memory needs more. */
const maxMb = 300;

/** Salvages damaged files of every kind under many seeds, and restores large and malicious files. */
export async function proof({ seed }: { seed: number }): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'salvage-'));
  try {
    const salvaged = await salvageAll(folder, seed);
    const large = restoreLarge(folder);
    const missed = Object.values(salvaged).flatMap((one) => one.missed);
    const isSmall = Object.values(large).every(({ peakMb }) => peakMb <= maxMb);
    const isDone = typeof large['large backup']?.said === 'object' && typeof large['million tables']?.said === 'object';
    return { passed: missed.length === 0 && isSmall && isDone, counts: { seeds, ...size, salvaged, large } };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

interface Sum {
  /** Rows that single reads return, and rows in the new files. */
  brought: number;
  salvaged: number;
  missed: string[];
}

async function salvageAll(folder: string, seed: number): Promise<Record<string, Sum>> {
  const sound = storeWorld(folder, size, seed);
  const sums: Record<string, Sum> = {};
  for (const name of Object.keys(damages) as DamageName[]) {
    const sum: Sum = { brought: 0, salvaged: 0, missed: [] };
    sums[name] = sum;
    for (let n = 0; n < seeds; n++) {
      const damaged = copyOf(sound, join(folder, 'damaged.db'));
      damages[name](damaged, seeded(seed * 1000 + n));
      const to = join(folder, 'new.db');
      await salvageMessages(damaged, to);
      const { brought, salvaged, missed } = compareWithSingleReads(damaged, sound, to);
      sum.brought += brought;
      sum.salvaged += salvaged;
      sum.missed.push(...missed);
      for (const path of [to, damaged]) rmSync(path);
    }
    process.stderr.write(
      `${name}: ${sum.salvaged} rows, ${sum.brought} by single reads, ${sum.missed.length} missed\n`,
    );
  }
  return sums;
}

type Figures = Measured & { megabytes: number };

/** The resources of a restore or salvage of a large file; of a refused text only the words are kept. */
function restoreLarge(folder: string): Record<string, Figures> {
  const measure = (mode: 'restore' | 'salvage', path: string): Figures => {
    const to = join(folder, 'large.new.db');
    const megabytes = Math.round(sizeOf(path) / 1024 / 1024);
    const measured = { megabytes, ...inAChild(mode, path, to) };
    rmSync(to, { force: true });
    return measured;
  };
  const path = join(folder, 'large.db');
  backupWith(path, largeRows(120_000, 700));
  const found = { 'large backup': measure('restore', path), 'large salvage': measure('salvage', path) };
  rmSync(path);
  backupWith(path, 'UPDATE messages SET raw = zeroblob(100000000)');
  const blob = measure('restore', path);
  rmSync(path);
  backupWith(path, '');
  addTables(path, 1_000_000);
  const tables = measure('restore', path);
  return { ...found, 'blob of 100 MB': blob, 'million tables': tables };
}

const largeRows = (count: number, bytes: number): string => `
  WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
  INSERT INTO messages (chat_id, id, timestamp, from_me, type, content, source)
  SELECT 1, 'A' || i, 1700000000 + i, 0, 'text', hex(zeroblob(${bytes / 2})), 'baileys' FROM n`;

/** Adds entries to the list of tables, without pages of their own. */
function addTables(path: string, count: number): void {
  const db = new Database(path);
  db.unsafeMode(true);
  db.pragma('writable_schema = ON');
  db.exec(`WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${count})
    INSERT INTO sqlite_schema SELECT 'table', 't' || i, 't' || i, 0, 'CREATE TABLE t' || i || ' (a)' FROM n`);
  db.close();
}
