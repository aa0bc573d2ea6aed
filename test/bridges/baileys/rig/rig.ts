import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BaileysBridge, type BaileysDeps, createBaileysBridge } from '../../../../bridges/baileys/baileys.ts';
import { parse, serialize } from '../../../../bridges/baileys/library/codec.ts';
import type { BridgeLog, KeyValueStore } from '../../../../bridges/bridge.ts';
import { type Config, dataPaths, type SimulatorDocument } from '../../../../src/config.ts';
import type { Simulator } from '../../../../src/simulator/simulator.ts';
import { openAuth } from '../../../../src/store/auth.ts';
import { createDeviceLock } from '../../../../src/store/sqlite/lock.ts';
import { testConfig } from '../../../support/fakes/config.ts';
import { RecordingSink } from './recording-sink.ts';

export interface Rig {
  bridge: BaileysBridge;
  sink: RecordingSink;
  dataDir: string;
  logged: string[];
  /** A second handle on the same auth.db. */
  keys(): KeyValueStore;
}

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'baileys-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export const configFor = (dataDir: string, simulator: SimulatorDocument | null): Config => ({
  ...testConfig(dataDir),
  simulator,
});

function recordingLog(lines: string[]): BridgeLog {
  const line = (fields: Record<string, unknown>, message: string) =>
    void lines.push(`${message} ${JSON.stringify(fields)}`);
  return { debug: line, info: line, warn: line, error: line };
}

/** Puts credentials of a linked device into the data directory, so that no pairing is needed. */
export function seedCredentials(dataDir: string, credentials: string, simulated = true): void {
  const keys = openAuth(dataPaths(dataDir).auth);
  const creds = { ...(parse(credentials) as object), additionalData: simulated ? { sim: true } : {} };
  keys.set([{ type: 'creds', id: 'self', value: serialize(creds) }]);
  keys.close();
}

/** A bridge on a data directory with a simulator; records what it hands over. */
export function rigOn(dataDir: string, simulator: Simulator | null, overrides: Partial<BaileysDeps> = {}): Rig {
  const paths = dataPaths(dataDir);
  const sink = (overrides.sink as RecordingSink | undefined) ?? new RecordingSink();
  const logged: string[] = [];
  const bridge = createBaileysBridge({
    config: configFor(dataDir, simulator?.document ?? null),
    source: { rawMessage: (chatJid, id) => sink.messages.get(`${chatJid} ${id}`)?.raw ?? undefined },
    openKeys: () => openAuth(paths.auth),
    lock: createDeviceLock(paths.lock),
    log: recordingLog(logged),
    timing: { backoffFactor: 0.01, lockWatch: 50 },
    historyRetryMs: [5, 5],
    ...overrides,
    sink,
  });
  return { bridge, sink, dataDir, logged, keys: () => openAuth(paths.auth) };
}
