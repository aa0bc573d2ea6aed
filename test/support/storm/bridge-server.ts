import { readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { bridgePaths } from '../../../src/config.ts';
import { bridgesOn, compared, served } from './bridge-checks.ts';
import type { Phase } from './bridge-kills.ts';
import type { BridgeSession } from './bridge-storm.ts';

export interface ServerPhase extends Phase {
  /** How often a wa-bridge that the server has started is killed, which then starts it again. */
  watchdogKills: number;
}

export interface ServerKills {
  kills: number;
  /** Kills while it copied history. */
  inCopy: number;
  /** How often a wa-bridge that somebody else started lived on, and one that the server had started ended with it. */
  livedOn: number;
  endedWithIt: number;
  /** Until that had ended, ms. */
  endedMs: number;
  /** Starts of a killed wa-bridge by the server, and how long the longest took until it served again, ms. */
  startedAgain: number;
  startedAgainMs: number;
  /** Programs of wa-bridge on the data directory when all has ended. */
  orphans: number;
  wrong: string[];
}

const endLimitMs = 10_000;
const readsPerKill = 12;

/** Kills the server: first beside a wa-bridge that was started by hand, then with one that it starts itself. */
export async function killServer(phase: ServerPhase): Promise<ServerKills> {
  const { session, kills, log } = phase;
  const result: ServerKills = {
    ...{ kills: 0, inCopy: 0, livedOn: 0, endedWithIt: 0, endedMs: 0, startedAgain: 0, startedAgainMs: 0, orphans: 0 },
    wrong: [],
  };
  await session.server.end();
  const byHand = Math.ceil(kills / 2);
  for (let kill = 0; kill < kills; kill++) {
    const startsBridge = kill >= byHand;
    if (kill === byHand) await session.bridge.stop();
    await session.startServer({ startsBridge });
    await killOnce(phase, result);
    await (startsBridge ? endsWithIt(session, result) : livesOn(session, result));
    log(`the server killed ${kill + 1} times, ${session.rows} rows`);
  }
  await session.startServer({ startsBridge: true });
  await startsAgain(phase, result);
  result.wrong.push(...(await compared(session, phase.expected)));
  const { code } = await session.server.end();
  if (code !== 0) result.wrong.push(`the server ended with ${code}`);
  result.orphans = bridgesOn(session.dataDir).length;
  if (result.orphans > 0) result.wrong.push(`${result.orphans} wa-bridge live on after the server has ended`);
  return result;
}

/** While it is asked things and copies history, and people write, at a random moment. */
async function killOnce({ session, reads, random }: Phase, result: ServerKills): Promise<void> {
  const live = session.writeLive();
  await session.sendPart();
  await served(session, reads);
  const running = bridgesOn(session.dataDir).length;
  if (running !== 1) result.wrong.push(`${running} wa-bridge run at once`);
  const { server } = session;
  let isCopying = true;
  const copying = session.copy().finally(() => {
    isCopying = false;
  });
  const working = Promise.allSettled([copying, reads.some(server, readsPerKill)]); // they are broken off
  await after(random() * 300);
  server.server.child.kill('SIGKILL');
  if (isCopying) result.inCopy++;
  result.kills++;
  await Promise.all([server.server.ended, working, live]);
}

async function livesOn({ bridge }: BridgeSession, result: ServerKills): Promise<void> {
  const status = await bridge.status().catch(() => undefined);
  if (status?.['connected'] === true) result.livedOn++;
  else result.wrong.push(`wa-bridge is not well after the server was killed: ${status?.['state']}`);
}

async function endsWithIt({ dataDir }: BridgeSession, result: ServerKills): Promise<void> {
  const from = performance.now();
  while (bridgesOn(dataDir).length > 0 && performance.now() - from < endLimitMs) await after(20);
  result.endedMs = Math.max(result.endedMs, Math.round(performance.now() - from));
  if (bridgesOn(dataDir).length === 0) result.endedWithIt++;
  else result.wrong.push('wa-bridge lives on after the server that had started it was killed');
}

/** Its own wa-bridge is killed; nobody but the server starts it again. */
async function startsAgain({ session, reads, watchdogKills }: ServerPhase, result: ServerKills): Promise<void> {
  await served(session, reads);
  for (let kill = 0; kill < watchdogKills; kill++) {
    const live = session.writeLive();
    await session.sendPart();
    const { pid } = JSON.parse(readFileSync(bridgePaths(session.dataDir).address, 'utf8')) as { pid: number };
    reads.bridgeGone();
    process.kill(pid, 'SIGKILL');
    while (bridgesOn(session.dataDir).includes(pid)) await after(5); // until then the last one may still answer
    result.startedAgainMs = Math.max(result.startedAgainMs, await served(session, reads));
    reads.bridgeBack();
    result.startedAgain++;
    await live;
  }
}
