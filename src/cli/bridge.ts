import { startConfigured } from '../../bridges/whatsmeow/auto-start.ts';
import { type BridgeBinary, findBinary, presentBinary } from '../../bridges/whatsmeow/binary.ts';
import { keptBuild } from '../../bridges/whatsmeow/build.ts';
import { createWhatsmeowBridge } from '../../bridges/whatsmeow/client.ts';
import { BridgeNotStarted, type BridgeProcess } from '../../bridges/whatsmeow/daemon-process.ts';
import { resolveEndpoint } from '../../bridges/whatsmeow/endpoint.ts';
import type { Config, Sources } from '../config.ts';
import { createLogger } from '../log.ts';
import { knownVersion } from '../store/sqlite/database.ts';
import type { BridgeAction } from './bridge-actions.ts';
import { interruptible } from './interrupt.ts';
import { UserError } from './refusal.ts';
import { loadConfigFor } from './simulated/simulator-document.ts';
import { note, printable, type Terminal } from './terminal.ts';

export interface BridgeOptions {
  json?: boolean;
  simulator?: string;
}

/** The default address of wa-bridge, where clients look first. */
const defaultUrl = 'http://127.0.0.1:8080';

/** Runs wa-bridge in the foreground, builds it, or prints its path or status; resolves to the exit code. */
export async function bridge(
  action: BridgeAction,
  flags: Sources,
  options: BridgeOptions,
  terminal: Terminal,
): Promise<number> {
  const config = await loadConfigFor(flags, options.simulator);
  const actions: Record<BridgeAction, () => Promise<number>> = {
    run: () => interruptible((signal) => runBridge(config, signal)),
    build: () => interruptible((signal) => build(config, signal, terminal)),
    path: () => path(config, terminal),
    status: () => status(config, options, terminal),
  };
  return actions[action]();
}

const sayBuilding = (): void => note('Building wa-bridge (once for each version; a few minutes the first time) …');

/** Runs it until it ends or a signal arrives. Throws UserError when one runs already, or its port is taken. */
async function runBridge(config: Config, signal: AbortSignal): Promise<number> {
  const place = resolveEndpoint(config);
  if (place.from === 'program') {
    throw new UserError(
      `wa-bridge runs already on ${place.url} (process ${place.pid}).`,
      'There is one for each data directory; `whatsapp-hybrid-mcp bridge status` says how it is.',
    );
  }
  const addressed = { ...config, bridgeUrl: config.bridgeUrl ?? defaultUrl };
  const started = await startConfigured(addressed, { signal, onBuild: sayBuilding, onLine: note }).catch(explained);
  signal.addEventListener('abort', () => void started.stop(), { once: true });
  if (signal.aborted) await started.stop();
  else await sayNextStep(config);
  const { code } = await started.ended;
  return signal.aborted ? 130 : (code ?? 1);

  function explained(error: unknown): Promise<BridgeProcess> {
    if (!(error instanceof BridgeNotStarted) || error.end.code !== 4) throw error;
    throw new UserError(
      `Another program has taken the address ${addressed.bridgeUrl}.`,
      'Name another one with --bridge-url http://127.0.0.1:8090, say; servers on the same data directory find it by themselves.',
    );
  }
}

async function sayNextStep(config: Config): Promise<void> {
  const { state } = await probeDaemon(config);
  if (state !== 'unlinked' && state !== 'logged_out') return;
  note('No phone is linked to it. In another terminal: whatsapp-hybrid-mcp login --bridge whatsmeow');
}

async function build(config: Config, signal: AbortSignal, terminal: Terminal): Promise<number> {
  const { path } = await findBinary(config.bridgeBinary, { signal, onBuild: sayBuilding });
  terminal.say(path);
  return 0;
}

async function path(config: Config, terminal: Terminal): Promise<number> {
  const found = await programOf(config);
  if (!found) {
    throw new UserError(
      'There is no wa-bridge here yet.',
      '`whatsapp-hybrid-mcp bridge build` makes one, and says what it lacks.',
    );
  }
  terminal.say(found.path);
  return 0;
}

/** The program that would start, if it needs no build. */
async function programOf(config: Config): Promise<BridgeBinary | undefined> {
  const present = presentBinary(config.bridgeBinary);
  if (present) return present;
  const path = await keptBuild({ simulator: false });
  return path === undefined ? undefined : { path, from: 'build' };
}

/** The status of the running daemon. */
async function probeDaemon(config: Config) {
  const near = createWhatsmeowBridge({ config, log: createLogger(config.logLevel), knownSchema: knownVersion() });
  try {
    await near.probe?.();
    return near.status();
  } finally {
    await near.close();
  }
}

/** Exit code 0 when it is connected to WhatsApp. */
async function status(config: Config, { json }: BridgeOptions, terminal: Terminal): Promise<number> {
  const { remote, gaps: _gaps, ...state } = await probeDaemon(config);
  const { pid } = resolveEndpoint(config);
  const program = (await programOf(config)) ?? null;
  const { latencyMs = null, version = null, url = null } = remote ?? {};
  const answer = { ...state, url, pid, version, latency_ms: latencyMs, program };
  terminal.say(json === true ? JSON.stringify(answer, null, 2) : describe(answer));
  return state.connected ? 0 : 1;
}

const brought: Record<BridgeBinary['from'], string> = {
  setting: 'from WHATSAPP_BRIDGE_BIN',
  package: 'prebuilt',
  build: 'built with Go',
};

interface Answer extends Awaited<ReturnType<typeof probeDaemon>> {
  url: string | null;
  pid: number | null;
  program: BridgeBinary | null;
}

function describe({ state, linked, jid, message, url, pid, program }: Answer): string {
  const link = linked ? `linked as ${printable(String(jid))}` : 'not linked';
  return [
    `wa-bridge: ${[state, link, message && printable(message)].filter((part) => part).join(', ')}`,
    `Address:   ${url ?? 'none'}${pid === null ? '' : ` (process ${pid})`}`,
    `Program:   ${program === null ? 'none yet' : `${program.path} (${brought[program.from]})`}`,
  ].join('\n');
}
