import { execFileSync } from 'node:child_process';
import { setTimeout as after } from 'node:timers/promises';
import { dataPaths } from '../../../src/config.ts';
import { integrityOf } from '../e2e/database.ts';
import { foundBy } from '../rows/final-rows.ts';
import type { StormReads } from './bridge-reads.ts';
import { type Rows, rowsOf, unequalRows } from './bridge-rows.ts';
import type { BridgeSession } from './bridge-storm.ts';

const serveLimitMs = 60_000;
const settleMs = 60_000;

/** Retries until wa-bridge answers, without restarting it; resolves to how long that took, or throws after a minute. */
export async function served(session: BridgeSession, reads: StormReads): Promise<number> {
  const from = performance.now();
  while ((await reads.profile(session.server)) !== 'whatsmeow') {
    if (performance.now() - from > serveLimitMs) throw new Error('wa-bridge does not serve again');
    await after(50);
  }
  return Math.round(performance.now() - from);
}

/** Waits until messages.db has the expected rows; resolves to the differences when it never does. */
export async function compared(session: BridgeSession, expected: Rows): Promise<string[]> {
  let wrong: string[] = [];
  await session.settle(settleMs, async () => {
    wrong = [`${session.rows} rows instead of ${session.expectedRows}`];
    if (session.rows === session.expectedRows) wrong = await wrongNow(session, expected);
    return wrong.length === 0;
  });
  return wrong.length === 0 ? [] : [...new Set([...wrong, ...(await wrongNow(session, expected))])];
}

/** All data to compare: the rows, and the results of a search for the live messages. */
export async function finalOf(session: BridgeSession): Promise<Rows> {
  const found = await foundBy((args) => session.server.call('query_synced_messages', args));
  return { ...rowsOf(session.dataDir), found };
}

async function wrongNow(session: BridgeSession, expected: Rows): Promise<string[]> {
  const integrity = integrityOf(dataPaths(session.dataDir).messages);
  const wrong = unequalRows(await finalOf(session), expected);
  return integrity === 'ok' ? wrong : [`integrity: ${integrity}`, ...wrong];
}

/** Process ids of the wa-bridge programs on a data directory. */
export function bridgesOn(dataDir: string): number[] {
  const lines = execFileSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  const own = lines.filter((line) => line.includes('wa-bridge') && line.includes(`--data-dir ${dataDir} `));
  return own.map((line) => Number.parseInt(line, 10));
}
