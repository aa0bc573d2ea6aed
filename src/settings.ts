import { homedir } from 'node:os';
import envPaths from 'env-paths';
import { toolsets } from './domain/toolsets.ts';

/**
 * What a setting takes: one of some words, a number between two, text of so many characters, names separated by commas,
 * or the name of a time zone.
 */
export type SettingKind =
  | { choices: readonly [string, ...string[]] }
  | { min: number; max: number }
  | { shortest: number; longest: number }
  | { folder: true }
  | { file: true }
  | { address: true }
  | { names: true }
  | { zone: true };

interface Setting {
  takes: SettingKind;
  default: () => string;
  /** The default as documentation shows it. */
  shown: string;
  description: string;
  /**
   * Whether `.env` in the data directory may set it. Not for settings that name a program, start one, or lead
   * elsewhere: an agent with a file tool could write that file, and would then run its own programs or receive our
   * data.
   */
  fromEnvFile: boolean;
  /** Set on what only the server obeys: commands that a person runs take no such flag. */
  onlyServed?: true;
}

/**
 * Every setting, defined once: flags, the README's table, `.env.example` and the manifests are generated from here.
 * Order of precedence: command line, environment, `.env` in the data directory (where allowed), default. Uses no schema
 * library, so that the command line knows its flags without loading one.
 */
export const settings = {
  WHATSAPP_DATA_DIR: {
    takes: { folder: true },
    default: () => envPaths('whatsapp-hybrid-mcp', { suffix: '' }).data,
    shown: 'the user data directory of the system',
    description: 'Where credentials and messages are kept. Keep it out of any checkout.',
    fromEnvFile: false,
  },
  WHATSAPP_BRIDGE: {
    takes: { choices: ['auto', 'baileys', 'whatsmeow'] },
    default: () => 'auto',
    shown: 'auto',
    description: 'Which bridge may be used: auto takes every one that is set up.',
    fromEnvFile: true,
  },
  WHATSAPP_BRIDGE_URL: {
    takes: { address: true },
    default: () => '',
    shown: 'where a running wa-bridge says that it listens, else http://127.0.0.1:8080',
    description: 'Where wa-bridge, the second bridge, listens. Only this machine, unless you name a token file.',
    fromEnvFile: false,
  },
  WHATSAPP_BRIDGE_TOKEN_FILE: {
    takes: { file: true },
    default: () => '',
    shown: '`bridge-token` in the data directory',
    description: 'File of the secret that wa-bridge asks of its callers. wa-bridge makes it at its first start.',
    fromEnvFile: false,
  },
  WHATSAPP_BRIDGE_START: {
    takes: { choices: ['true', 'false'] },
    default: () => 'false',
    shown: 'false',
    description: 'Whether the server starts wa-bridge when a call needs it and none runs, and ends it with itself.',
    fromEnvFile: false,
  },
  WHATSAPP_BRIDGE_BIN: {
    takes: { file: true },
    default: () => '',
    shown: 'the prebuilt package for this platform, else one built with Go',
    description: 'The wa-bridge to start.',
    fromEnvFile: false,
  },
  WHATSAPP_LOG_LEVEL: {
    takes: { choices: ['silent', 'error', 'warn', 'info', 'debug'] },
    default: () => 'warn',
    shown: 'warn',
    description: 'How much is written to stderr. No level prints message text, keys or phone numbers.',
    fromEnvFile: true,
  },
  WHATSAPP_HISTORY_QUIET_SECONDS: {
    takes: { min: 0.1, max: 600 },
    default: () => '15',
    shown: '15 (1 when simulated)',
    description: 'History counts as complete when nothing arrived for this long after its last part.',
    fromEnvFile: true,
  },
  WHATSAPP_DEVICE_NAME: {
    takes: { shortest: 1, longest: 50 },
    default: () => 'Mac OS',
    shown: 'Mac OS',
    description:
      'Name shown on the phone under Linked devices. Takes effect when pairing; other names get a shorter history.',
    fromEnvFile: true,
  },
  WHATSAPP_TIME_ZONE: {
    takes: { zone: true },
    default: () => '',
    shown: 'that of this machine, else UTC',
    description:
      'Time zone of the user, by its IANA name such as Europe/Berlin: results show times in it, and words such as today mean it.',
    fromEnvFile: true,
  },
  WHATSAPP_TOOLSETS: {
    takes: { names: true },
    default: () => '',
    shown: 'default; nothing when only tools are named',
    description: `Groups of tools to offer, separated by commas: default (all of them, for now), all, ${toolsets.join(', ')}.`,
    fromEnvFile: true,
    onlyServed: true,
  },
  WHATSAPP_TOOLS: {
    takes: { names: true },
    default: () => '',
    shown: 'none',
    description: 'Tools to offer besides those groups, by name, separated by commas; without groups these alone.',
    fromEnvFile: true,
    onlyServed: true,
  },
  WHATSAPP_EXCLUDE_TOOLS: {
    takes: { names: true },
    default: () => '',
    shown: 'none',
    description: 'Tools never to offer, by name, separated by commas; it wins over the two settings above.',
    fromEnvFile: true,
    onlyServed: true,
  },
  WHATSAPP_READ_ONLY: {
    takes: { choices: ['true', 'false'] },
    default: () => 'false',
    shown: 'false',
    description: 'Offer only tools that read; it wins over every choice of tools.',
    fromEnvFile: true,
    onlyServed: true,
  },
} as const satisfies Record<string, Setting>;

export type SettingName = keyof typeof settings;
export type Sources = Partial<Record<SettingName, string>>;

type ValueOf<K> = K extends { choices: readonly (infer Choice)[] }
  ? Choice
  : K extends { min: number }
    ? number
    : string;
export type Settings = { [K in SettingName]: ValueOf<(typeof settings)[K]['takes']> };

/** Text that a client left empty or did not expand (`${user_config.x}`) counts as not set. */
export function isSet(value: string | undefined): value is string {
  return value !== undefined && value.trim() !== '' && !/\$\{[^}]*\}/.test(value);
}

/** A path that may begin with `~`, the home of this user. */
export const fromHome = (path: string): string => path.replace(/^~(?=$|[\\/])/, homedir());

/** The settings that only the server obeys: which tools it offers. */
export const servedSettings = (Object.keys(settings) as SettingName[]).filter((name) => 'onlyServed' in settings[name]);

/** `WHATSAPP_DATA_DIR` is `--data-dir` on the command line. */
export function flagOf(name: SettingName): string {
  return `--${name.replace('WHATSAPP_', '').toLowerCase().replaceAll('_', '-')}`;
}
