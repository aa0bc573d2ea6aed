import { compared, served } from './bridge-checks.ts';
import { moments, type Scene } from './bridge-moments.ts';
import type { Rows } from './bridge-rows.ts';

/** The parameters of one phase of a storm. */
export interface Phase extends Scene {
  kills: number;
  /** The rows that the phase leaves without kills. */
  expected: Rows;
  log(line: string): void;
}

export interface BridgeKills {
  kills: number;
  /** How often each moment was hit. */
  moments: Record<string, number>;
  missed: number;
  /** Kills while the server copied history. */
  inCopy: number;
  /** From a restart of wa-bridge until it serves again, ms. */
  backMs: { median: number; max: number };
  wrong: string[];
}

/** Reads around each kill: some before it, some at it, and most while wa-bridge is certainly gone. */
const readsPerKill = { before: 6, at: 4, gone: 10 };

/** Kills wa-bridge repeatedly while the server answers queries, copies history, and people write. */
export async function killBridge(phase: Phase): Promise<BridgeKills> {
  const { session, kills, log } = phase;
  const result = { kills: 0, moments: {}, missed: 0, inCopy: 0 };
  const back: number[] = [];
  session.copyOn();
  for (let kill = 0; kill < kills; kill++) {
    back.push(await killAt(phase, kill, result));
    log(`wa-bridge killed ${kill + 1} times, serves again after ${back.at(-1)} ms, ${session.rows} rows`);
  }
  const wrong = [...(await session.copied()), ...(await compared(session, phase.expected))];
  back.sort((a, b) => a - b);
  return { ...result, backMs: { median: back[back.length >> 1] ?? 0, max: back.at(-1) ?? 0 }, wrong };
}

type Counts = Pick<BridgeKills, 'kills' | 'moments' | 'missed' | 'inCopy'>;

/** Resolves to the time from the restart of wa-bridge until it serves again. */
async function killAt(phase: Phase, kill: number, counts: Counts): Promise<number> {
  const { session, reads } = phase;
  const [name, moment] = nth(kill);
  const live = session.writeLive();
  const parts = session.parts;
  await reads.some(session.server, readsPerKill.before);
  const around = reads.some(session.server, readsPerKill.at);
  if (await moment(phase)) counts.moments[name] = (counts.moments[name] ?? 0) + 1;
  else counts.missed++;
  counts.kills++;
  if (session.isCopying) counts.inCopy++;
  reads.bridgeGone();
  await session.bridge.kill();
  await Promise.all([around, reads.some(session.server, readsPerKill.gone)]);
  if (session.parts === parts) await session.sendPart();
  await session.startBridge();
  reads.bridgeBack();
  session.copyOn();
  const back = await served(session, reads);
  await live;
  return back;
}

function nth(kill: number): [string, (typeof moments)[string]] {
  const entries = Object.entries(moments);
  return entries[kill % entries.length] as [string, (typeof moments)[string]];
}
