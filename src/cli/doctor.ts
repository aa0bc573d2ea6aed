import { createWhatsmeowBridge } from '../../bridges/whatsmeow/client.ts';
import { createApp } from '../app.ts';
import { dataPaths, type Sources } from '../config.ts';
import { createLogger } from '../log.ts';
import { knownVersion } from '../store/sqlite/database.ts';
import { isRunning } from '../system/process.ts';
import { placeFault } from './data/place.ts';
import { isTrusted } from './data/trust.ts';
import {
  type Check,
  type DoctorEnvironment,
  type Finding,
  fail,
  freeBytes,
  type Verdict,
  verdicts,
  warn,
  worst,
} from './doctor/check.ts';
import { databases } from './doctor/databases.ts';
import { bridge, credentials, lockOwner } from './doctor/device.ts';
import { reasonOf } from './doctor/failure.ts';
import { clock, dataDirectory, diskSpace, permissions } from './doctor/files.ts';
import { store } from './doctor/lost-store.ts';
import { salvage } from './doctor/salvage.ts';
import { sharedFolder } from './doctor/shared-folder.ts';
import { smallFiles } from './doctor/small-files.ts';
import { staleFiles } from './doctor/stale-files.ts';
import { nodeVersion, packageVersion, schema, settings } from './doctor/versions.ts';
import { waBridge } from './doctor/wa-bridge.ts';
import { interruptible } from './interrupt.ts';
import { dataDirOf, loadConfig } from './settings.ts';
import { loadConfigFor } from './simulated/simulator-document.ts';
import { printable, type Terminal } from './terminal.ts';
import { toolCalls } from './tool-call.ts';

export interface DoctorOptions {
  /** Fixes what is safe to fix. */
  fix?: boolean;
  json?: boolean;
  simulator?: string;
  /** Copies the readable rows of messages.db into this file instead. */
  salvage?: string;
  replace?: boolean;
}

export interface Report {
  verdict: Verdict;
  /** `done`: what was fixed before the check ran. */
  checks: (Finding & { name: string; done?: string })[];
}

/** They look at nothing in the data directory. */
const outside: readonly Check[] = [packageVersion, nodeVersion, settings];
/** In this order, so that the connection is tried last: it makes files where there are none. */
const inside: readonly Check[] = [
  dataDirectory,
  sharedFolder,
  permissions,
  diskSpace,
  clock,
  schema,
  databases,
  store,
  smallFiles,
  lockOwner,
  staleFiles,
  credentials,
  waBridge,
  bridge,
];

const marks: Record<Verdict, string> = { ok: '✅', warn: '⚠️ ', fail: '❌' };

/**
 * Checks everything that can be wrong and names the fix; exit code 0 when all is well, 1 with warnings, 2 with faults.
 */
export async function doctor(flags: Sources, options: DoctorOptions, terminal: Terminal): Promise<number> {
  return interruptible(async (signal) => {
    if (options.salvage !== undefined) return salvage(options.salvage, flags, options, terminal, signal);
    const settings = await settingsOrDefaults(flags, options.simulator);
    const report = await examine(realSite(settings, signal, terminal), options);
    terminal.say(options.json === true ? JSON.stringify(report, null, 2) : describe(report));
    return verdicts.indexOf(report.verdict);
  });
}

/**
 * The findings of all checks, after the safe fixes if requested. Numbers that may be phone numbers are cut to their
 * last two digits.
 */
export async function examine(site: DoctorEnvironment, { fix: mending = false }: DoctorOptions = {}): Promise<Report> {
  const found: Report['checks'] = [];
  for (const check of site.isRefused ? outside : [...outside, ...inside]) {
    const done = mending ? mend(check, site) : undefined;
    const { verdict, message, fix } = isInTheWay(check, found) ? notTried : await look(check, site);
    const shown = (text: string) => text.split(site.config.dataDir).map(redact).join(site.config.dataDir);
    const more = { ...(fix !== undefined && { fix: shown(fix) }), ...(done !== undefined && { done: shown(done) }) };
    found.push({ name: check.name, verdict, message: shown(message), ...more });
  }
  return { verdict: worst(found), checks: found };
}

/** A check that throws becomes a finding; the other checks still run. */
async function look(check: Check, site: DoctorEnvironment): Promise<Finding> {
  try {
    return await check.run(site);
  } catch (error) {
    return fail(
      `This check could not be made: ${reasonOf(error)}.`,
      'Put right what the other checks name, then run doctor again.',
    );
  }
}

const mustBeSound = ['settings', 'schema', 'databases'];

const isInTheWay = ({ needsSoundFiles }: Check, found: Report['checks']): boolean =>
  needsSoundFiles === true && found.some(({ name, verdict }) => verdict === 'fail' && mustBeSound.includes(name));

const notTried = warn('Not tried while what is named above is not in order.', 'Put that right first.');

type Known = Pick<DoctorEnvironment, 'config' | 'settingsFault' | 'isRefused'>;

/** Settings that cannot be read are a finding; what a person types wrong at a simulator is for them alone. */
async function settingsOrDefaults(flags: Sources, simulator: string | undefined): Promise<Known> {
  const sound = { settingsFault: null, isRefused: false };
  if (simulator !== undefined) return { config: await loadConfigFor(flags, simulator), ...sound };
  try {
    return { config: loadConfig(flags), ...sound };
  } catch (error) {
    const dataDir = dataDirOf(flags);
    // A directory that is named as a temporary one is taken without its .env.
    const config = loadConfig({}, { env: {}, temporaryDir: dataDir });
    return {
      config,
      settingsFault: reasonOf(error),
      isRefused: placeFault(dataDir) !== undefined || !isTrusted(dataDir),
    };
  }
}

/** When a fix fails, the check that follows reports it. */
function mend(check: Check, site: DoctorEnvironment): string | undefined {
  try {
    return check.mend?.(site) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Versions and sizes have no such long numbers, times have separators. */
const redact = (text: string): string => text.replace(/\d{7,}/g, (digits) => `…${digits.slice(-2)}`);

function describe({ checks: found }: Report): string {
  const width = Math.max(...found.map(({ name }) => name.length));
  return found
    .flatMap(({ name, verdict, message, fix, done }) => [
      `${marks[verdict]} ${name.padEnd(width)}  ${printable(message)}`,
      ...(done === undefined ? [] : [`${' '.repeat(width + 5)}🔧 ${printable(done)}`]),
      ...(fix === undefined ? [] : [`${' '.repeat(width + 5)}→ ${printable(fix)}`]),
    ])
    .join('\n');
}

function realSite(known: Known, signal: AbortSignal, terminal: Terminal): DoctorEnvironment {
  const { config } = known;
  return {
    ...known,
    paths: dataPaths(config.dataDir),
    nodeVersion: process.version,
    now: Date.now,
    freeBytes,
    isAlive: isRunning,
    async bridge() {
      // Silent, because it closes the connection while WhatsApp is sending; the findings have all that matters.
      const app = createApp({ ...config, logLevel: 'silent', bridge: 'baileys' });
      try {
        const answer = await toolCalls(app, signal, terminal).call('backend_status');
        const found = answer['baileys_bridge'] as { state: string; connected: boolean; message: string | null };
        return { ...found, next_step: (answer['next_step'] as string | undefined) ?? null };
      } finally {
        await app.close();
      }
    },
    async waBridge() {
      const log = createLogger('silent');
      const near = createWhatsmeowBridge({ config, log, knownSchema: knownVersion() });
      try {
        await near.connect();
        return near.status();
      } finally {
        await near.close();
      }
    },
  };
}
