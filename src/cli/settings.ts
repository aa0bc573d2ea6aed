import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { ZodError } from 'zod';
import {
  type Config,
  dataPaths,
  isSet,
  readSettings,
  type SimulatorDocument,
  type Sources,
  settings,
  toConfig,
} from '../config.ts';
import { AppError } from '../domain/errors.ts';
import { flagOf, type SettingName } from '../settings.ts';
import { placeFault } from './data/place.ts';
import { assertTrusted, UnsafeSettings } from './data/trust.ts';

export interface Surroundings {
  /** Defaults to the environment of this process. */
  env?: Sources;
  simulator?: SimulatorDocument;
  /** A directory that overrides the settings: that of a temporary simulation. */
  temporaryDir?: string;
}

/**
 * The configuration: flags override the environment, which overrides `.env` in the data directory, which overrides
 * defaults. Throws `invalid_input` that names the invalid settings, and UnsafeSettings when others may change the data
 * directory or `.env` sets what it must not.
 */
export function loadConfig(flags: Sources, surroundings: Surroundings = {}): Config {
  const { env = process.env as Sources, simulator = null, temporaryDir } = surroundings;
  const simulated = simulator !== null || temporaryDir !== undefined;
  const defaults: Sources = simulated ? { WHATSAPP_HISTORY_QUIET_SECONDS: '1' } : {};
  // Simulated messages share a directory with real ones only on explicit request.
  if (simulated) defaults.WHATSAPP_DATA_DIR = join(settings.WHATSAPP_DATA_DIR.default(), 'simulated');
  try {
    if (temporaryDir !== undefined) {
      return toConfig(readSettings({ WHATSAPP_DATA_DIR: temporaryDir }, flags, env, defaults), simulator);
    }
    const { dataDir } = toConfig(readSettings(flags, env, defaults));
    assertPlace(dataDir);
    assertTrusted(dataDir);
    return toConfig(readSettings({ WHATSAPP_DATA_DIR: dataDir }, flags, env, dotenv(dataDir), defaults), simulator);
  } catch (error) {
    if (error instanceof ZodError) throw wrongSetting(explain(error), error);
    throw error;
  }
}

/** Throws `invalid_input` for a path that cannot be a data directory, before anything is looked for in it. */
export function assertPlace(dataDir: string): void {
  const fault = placeFault(dataDir);
  if (fault === undefined) return;
  throw wrongSetting(`The data directory ${dataDir} cannot be used: ${fault}. Name another one in WHATSAPP_DATA_DIR.`);
}

/** Only the data directory, even when other settings or its `.env` are invalid. */
export function dataDirOf(flags: Sources, env: Sources = process.env as Sources): string {
  const named = [flags, env].map(({ WHATSAPP_DATA_DIR: dir }) => (dir === undefined ? {} : { WHATSAPP_DATA_DIR: dir }));
  return toConfig(readSettings(...named)).dataDir;
}

function dotenv(dataDir: string): Sources {
  const path = dataPaths(dataDir).env;
  const found = readEnv(path);
  const refused = (Object.keys(settings) as SettingName[]).filter(
    (name) => isSet(found[name]) && !settings[name].fromEnvFile,
  );
  if (refused.length === 0) return found;
  const ways = refused.map((name) => `${name} (or ${flagOf(name)})`).join(', ');
  throw new UnsafeSettings(
    `${path} may not say ${refused.join(', ')}: it would decide which programs run and where data goes. Remove it there, and set it in the environment or as a flag: ${ways}.`,
  );
}

function readEnv(path: string): Sources {
  try {
    return parseEnv(readFileSync(path, 'utf8')) as Sources;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return {};
    throw wrongSetting(
      `${path} cannot be read (${code}). Another data directory is named with WHATSAPP_DATA_DIR.`,
      error,
    );
  }
}

/** For the user of a server as much as for an agent, whose arguments are not what is wrong. */
export function wrongSetting(message: string, cause?: unknown): AppError {
  const hint =
    'A setting of this program is wrong, not the call. Tell the user, who corrects it where the program is started from.';
  return new AppError('invalid_input', message, { hint, cause });
}

function explain(error: ZodError): string {
  return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ');
}
