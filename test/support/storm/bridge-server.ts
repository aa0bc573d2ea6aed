import { readFileSync } from 'node:fs';
import { setTimeout as after } from 'node:timers/promises';
import { bridgePaths } from '../../../src/config.ts';
import { bridgesOn, compared, served } from './bridge-checks.ts';
import type { Phase } from './bridge-kills.ts';
import type { BridgeSession } from './bridge-storm.ts';

export interface ServerPhase extends Phase {
  /** How many times a wa-bridge that the server has started is killed and restarted by the server. */
  watchdogKills: number;
}

export interface ServerKills {
  kills: number;
  /** Kills while it copied history. */
  inCopy: number;
  /**
   * How often a separately started wa-bridge survived the server, and one that the server had started ended with it.
   */
  livedOn: number;
  endedWithIt: number;
  /** Time until the server's own wa-bridge had ended, ms. */
  endedMs: number;
  /** Restarts of a killed wa-bridge by the server, and the longest time until it served again, ms. */
  startedAgain: number;
  startedAgainMs: number;
  /** wa-bridge programs on the data directory after the end. */
  orphans: number;
  wrong: string[];
}

const endLimitMs = 10_000;
const readsPerKill = 12;

/** Kills the server: first beside a separately started wa-bridge, then with one that it starts itself. */
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

/** Kills it at a random moment while it answers queries and copies history, and people write. */
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
  const working = Promise.allSettled([copying, reads.some(server, readsPerKill)]); // the kill interrupts both
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

/** Kills the server's own wa-bridge, which only the server restarts. */
async function startsAgain({ session, reads, watchdogKills }: ServerPhase, result: ServerKills): Promise<void> {
  await served(session, reads);
  for (let kill = 0; kill < watchdogKills; kill++) {
    const live = session.writeLive();
    await session.sendPart();
    const { pid } = JSON.parse(readFileSync(bridgePaths(session.dataDir).address, 'utf8')) as { pid: number };
    reads.bridgeGone();
    process.kill(pid, 'SIGKILL');
    while (bridgesOn(session.dataDir).includes(pid)) await after(5); // until then the old one may still answer
    result.startedAgainMs = Math.max(result.startedAgainMs, await served(session, reads));
    reads.bridgeBack();
    result.startedAgain++;
    await live;
  }
}
