import { seeded } from '../random.ts';
import { finalOf } from './bridge-checks.ts';
import { type BridgeKills, killBridge } from './bridge-kills.ts';
import { type ReadCounts, StormReads } from './bridge-reads.ts';
import type { Rows } from './bridge-rows.ts';
import { killServer, type ServerKills } from './bridge-server.ts';
import { BridgeSession, type Traffic } from './bridge-storm.ts';

export interface BridgeStormOptions extends Traffic {
  /** How many times wa-bridge is killed, then the server, then a wa-bridge that the server has started. */
  bridgeKills: number;
  serverKills: number;
  watchdogKills: number;
}

export interface BridgeStormResult {
  bridge: Omit<BridgeKills, 'wrong'>;
  server: Omit<ServerKills, 'wrong'>;
  reads: ReadCounts;
  /** Reads of the killed servers. */
  serverReads: ReadCounts;
  rows: number;
  liveMessages: number;
  /** All differences from the expected state or the undisturbed run; empty in a good run. */
  wrong: string[];
}

/** The contents of messages.db after each phase without kills. */
async function undisturbed(options: BridgeStormOptions): Promise<[Rows, Rows]> {
  const session = await BridgeSession.open(options);
  await session.undisturbed(options.bridgeKills);
  const first = await finalOf(session);
  await session.undisturbed(options.serverKills + options.watchdogKills);
  const second = await finalOf(session);
  await session.close();
  return [first, second];
}

/** Kills wa-bridge, then the server, repeatedly on one account, and compares the result with an undisturbed run. */
export async function bridgeKillStorm(
  options: BridgeStormOptions,
  log: (line: string) => void = () => {},
): Promise<BridgeStormResult> {
  const [afterBridge, afterServer] = await undisturbed(options);
  log(`undisturbed: ${afterServer['messages']?.length} rows`);
  const random = seeded(options.seed);
  const session = await BridgeSession.open(options);
  const { world } = session.simulator;
  const reads = new StormReads(world, random, () => session.copies === 0);
  const common = { session, random, log };
  const { wrong, ...bridge } = await killBridge({
    ...common,
    reads,
    kills: options.bridgeKills,
    expected: afterBridge,
  });
  const serverReads = new StormReads(world, random, () => false);
  const { wrong: afterwards, ...server } = await killServer({
    ...common,
    reads: serverReads,
    kills: options.serverKills,
    watchdogKills: options.watchdogKills,
    expected: afterServer,
  });
  const { rows, live } = session;
  await session.simulator.stop();
  return {
    bridge,
    server,
    reads: reads.counts,
    serverReads: serverReads.counts,
    rows,
    liveMessages: live,
    wrong: [...wrong, ...reads.wrong, ...afterwards, ...serverReads.wrong],
  };
}
