import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import envPaths from 'env-paths';
import { z } from 'zod';

/**
 * Every setting, said once: the README's table and `.env.example` are generated from here.
 * Order of precedence: command line, environment, `.env` in the data directory, default.
 */
export const settings = {
  WHATSAPP_DATA_DIR: {
    schema: z.string(),
    default: () => envPaths('whatsapp-hybrid-mcp', { suffix: '' }).data,
    shown: 'the user data directory of the system',
    description: 'Where credentials and messages are kept. Keep it out of any checkout.',
  },
  WHATSAPP_BRIDGE: {
    schema: z.enum(['auto', 'baileys', 'whatsmeow']),
    default: () => 'auto',
    shown: 'auto',
    description: 'Which bridge may be used: auto takes every one that is set up.',
  },
  WHATSAPP_LOG_LEVEL: {
    schema: z.enum(['silent', 'error', 'warn', 'info', 'debug']),
    default: () => 'warn',
    shown: 'warn',
    description: 'How much is written to stderr. No level prints message text, keys or phone numbers.',
  },
  WHATSAPP_HISTORY_QUIET_SECONDS: {
    schema: z.coerce.number().min(0.1).max(600),
    default: () => '15',
    shown: '15 (1 when simulated)',
    description: 'History counts as complete when nothing arrived for this long after its last part.',
  },
  WHATSAPP_DEVICE_NAME: {
    schema: z.string().min(1).max(50),
    default: () => 'Mac OS',
    shown: 'Mac OS',
    description:
      'Name shown on the phone under Linked devices. Takes effect when pairing; other names get a shorter history.',
  },
} as const satisfies Record<string, { schema: z.ZodType; default: () => string; shown: string; description: string }>;

export type SettingName = keyof typeof settings;
export type Settings = { [K in SettingName]: z.output<(typeof settings)[K]['schema']> };

/** The address of a simulated WhatsApp, from its document. */
export interface SimulatorDocument {
  socket_url: string;
  media_origin: string;
  noise_root: string;
  scan_url: string;
  now?: string;
}

export interface Config {
  dataDir: string;
  bridge: Settings['WHATSAPP_BRIDGE'];
  logLevel: Settings['WHATSAPP_LOG_LEVEL'];
  historyQuietMs: number;
  deviceName: string;
  /** Set when WhatsApp is simulated; then no connection leaves this machine. */
  simulator: SimulatorDocument | null;
}

/** Text that a client left empty or did not expand (`${user_config.x}`) counts as not set. */
function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '' && !/\$\{[^}]*\}/.test(value);
}

export type Sources = Partial<Record<SettingName, string>>;

/** Reads settings; the first source that has a value wins. Throws a ZodError that names the setting. */
export function readSettings(...sources: readonly Sources[]): Settings {
  const shape = Object.fromEntries(Object.entries(settings).map(([name, setting]) => [name, setting.schema]));
  const values = Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [
      name,
      sources.map((source) => source[name as SettingName]).find(isSet) ?? setting.default(),
    ]),
  );
  return z.object(shape).parse(values) as Settings;
}

export function toConfig(values: Settings, simulator: SimulatorDocument | null = null): Config {
  return {
    dataDir: values.WHATSAPP_DATA_DIR.replace(/^~(?=$|[\\/])/, homedir()),
    bridge: values.WHATSAPP_BRIDGE,
    logLevel: values.WHATSAPP_LOG_LEVEL,
    historyQuietMs: values.WHATSAPP_HISTORY_QUIET_SECONDS * 1000,
    deviceName: values.WHATSAPP_DEVICE_NAME,
    simulator,
  };
}

/** Where each file lives, below the data directory. */
export function dataPaths(dataDir: string) {
  return {
    env: join(dataDir, '.env'),
    messages: join(dataDir, 'messages.db'),
    search: join(dataDir, 'search.db'),
    auth: join(dataDir, 'baileys', 'auth.db'),
    staging: join(dataDir, 'baileys', 'staging.db'),
    lock: join(dataDir, 'baileys', 'lock.db'),
  };
}
export type DataPaths = ReturnType<typeof dataPaths>;

/** The folder of our package.json, from source and from the bundle alike: migrations and the worker are found from it. */
export function packageRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}
