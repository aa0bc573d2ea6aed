import type { Config } from '../../src/config.ts';
import { AppError } from '../../src/domain/errors.ts';
import type { Bridge, BridgeLog } from '../bridge.ts';
import { built, findBinary } from './binary.ts';
import type { BuildOptions } from './build.ts';
import { type BridgeProcess, startBridge } from './daemon-process.ts';
import { resolveEndpoint } from './endpoint.ts';
import { createSupervisor, supervised } from './supervisor.ts';

/** The bridge whose daemon starts when a call needs it. */
export function startedBridge(bridge: Bridge, config: Config, log: BridgeLog): Bridge {
  const keeper = createSupervisor({
    // What it says of work that its own end breaks off is of no use to anybody.
    start: (signal, onBuild) =>
      startConfigured(config, { signal, onAbsent: onBuild, onLine: (line) => signal.aborted || relay(line, log) }),
    runsElsewhere: () => resolveEndpoint(config).from === 'program',
    log,
  });
  return supervised(bridge, keeper);
}

export type StartOptions = Omit<BuildOptions, 'simulator'> & { onLine?: (line: string) => unknown };

/**
 * Starts wa-bridge on the data directory with the configured connection, and builds it first if no program is present.
 * Rejects with AppError that names the fix.
 */
export async function startConfigured(config: Config, { onLine, ...building }: StartOptions): Promise<BridgeProcess> {
  const binary = await binaryFor(config, building);
  return startBridge({ binary, flags: flagsFor(config), ...(onLine && { onLine }) });
}

/** The program for the WhatsApp of this configuration: a simulated one needs its own build. */
export async function binaryFor(config: Config, building: Omit<BuildOptions, 'simulator'> = {}): Promise<string> {
  if (config.simulator === null) return (await findBinary(config.bridgeBinary, building)).path;
  const path = await built({ simulator: true, ...building });
  if (path !== undefined) return path;
  throw new AppError('bridge_unavailable', 'Go is not installed, which builds the wa-bridge for a simulated WhatsApp.');
}

/** Without a configured port the daemon picks a free one and writes it into the data directory. */
export function flagsFor(config: Config): string[] {
  const { dataDir, bridgeUrl, bridgeTokenFile, logLevel, deviceName, simulator } = config;
  if (simulator !== null && simulator.url === undefined) {
    throw new AppError('internal', 'Nothing says where the document of the simulated WhatsApp is.'); // never fall back to the real one
  }
  const address = bridgeUrl === null ? undefined : new URL(bridgeUrl);
  return [
    ['--data-dir', dataDir],
    ...(address ? [['--host', address.hostname.replace(/^\[|\]$/g, '')]] : []),
    ['--port', address ? address.port || '80' : '0'],
    ...(bridgeTokenFile === null ? [] : [['--token-file', bridgeTokenFile]]),
    ['--log-level', logLevel],
    ['--device-name', deviceName],
    ...(simulator?.url ? [['--simulator', simulator.url]] : []),
  ].flat();
}

const levels: Readonly<Record<string, 'error' | 'warn' | 'info' | 'debug'>> = {
  ERROR: 'error',
  WARN: 'warn',
  INFO: 'info',
};

/** Copies the daemon's log into ours, which redacts secrets again. */
export function relay(line: string, log: BridgeLog): void {
  try {
    const { level, msg, time: _time, ...fields } = JSON.parse(line) as Record<string, unknown>;
    log[levels[String(level)] ?? 'debug']({ ...fields, bridge: 'whatsmeow' }, String(msg));
  } catch {
    log[line.startsWith('wa-bridge: ') ? 'warn' : 'info']({ bridge: 'whatsmeow' }, line);
  }
}
