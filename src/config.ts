import { join } from 'node:path';
import * as z from 'zod';
import { isZoneName } from './domain/time/zone.ts';
import {
  fromHome,
  isSet,
  type SettingKind,
  type SettingName,
  type Settings,
  type Sources,
  settings,
} from './settings.ts';
import { machineZone } from './system/machine-zone.ts';

export { packageRoot } from './package.ts';
export { isSet, type Settings, type Sources, settings } from './settings.ts';

/** The address of a simulated WhatsApp, from its document. */
export interface SimulatorDocument {
  socket_url: string;
  media_origin: string;
  noise_root: string;
  scan_url: string;
  /** Where a person of the world can be made to write a message; not every simulator has it. */
  message_url?: string;
  now?: string;
  /** Where the document was found. */
  url?: string;
}

/** Which tools a client is offered, as the user wrote it. */
export interface ToolChoice {
  toolsets: readonly string[];
  tools: readonly string[];
  excluded: readonly string[];
  readOnly: boolean;
}

export interface Config {
  dataDir: string;
  bridge: Settings['WHATSAPP_BRIDGE'];
  /** The user's setting for where wa-bridge listens; null when unset. */
  bridgeUrl: string | null;
  /** The token file that the user named; null for the one in the data directory. */
  bridgeTokenFile: string | null;
  /** Whether the server keeps a wa-bridge running. */
  startBridge: boolean;
  /** The wa-bridge program that the user named; null to search for one. */
  bridgeBinary: string | null;
  logLevel: Settings['WHATSAPP_LOG_LEVEL'];
  historyQuietMs: number;
  deviceName: string;
  /** IANA name of the zone in which the user reads times. */
  timeZone: string;
  tools: ToolChoice;
  /** Set when WhatsApp is simulated; then no connection leaves this machine. */
  simulator: SimulatorDocument | null;
}

const unknownZone =
  'names no time zone that this machine knows; it takes an IANA name such as Europe/Berlin, America/New_York or UTC, and without it the zone of this machine counts';

function schemaOf(takes: SettingKind): z.ZodType {
  if ('choices' in takes) return z.enum(takes.choices);
  if ('min' in takes) return z.coerce.number().min(takes.min).max(takes.max);
  if ('address' in takes) return z.union([z.literal(''), z.url({ protocol: /^https?$/ })]);
  if ('zone' in takes)
    return z
      .string()
      .trim()
      .refine((name) => name === '' || isZoneName(name), unknownZone);
  return 'shortest' in takes ? z.string().min(takes.shortest).max(takes.longest) : z.string();
}

/** Reads settings; the first source with a value wins. Throws a ZodError that names the setting. */
export function readSettings(...sources: readonly Sources[]): Settings {
  const shape = Object.fromEntries(Object.entries(settings).map(([name, { takes }]) => [name, schemaOf(takes)]));
  const values = Object.fromEntries(
    Object.entries(settings).map(([name, setting]) => [
      name,
      sources.map((source) => source[name as SettingName]).find(isSet) ?? setting.default(),
    ]),
  );
  return z.object(shape).parse(values) as Settings;
}

const namesIn = (text: string): string[] =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

export function toConfig(values: Settings, simulator: SimulatorDocument | null = null): Config {
  return {
    dataDir: fromHome(values.WHATSAPP_DATA_DIR),
    bridge: values.WHATSAPP_BRIDGE,
    bridgeUrl: values.WHATSAPP_BRIDGE_URL || null,
    bridgeTokenFile: fromHome(values.WHATSAPP_BRIDGE_TOKEN_FILE) || null,
    startBridge: values.WHATSAPP_BRIDGE_START === 'true',
    bridgeBinary: fromHome(values.WHATSAPP_BRIDGE_BIN) || null,
    logLevel: values.WHATSAPP_LOG_LEVEL,
    historyQuietMs: values.WHATSAPP_HISTORY_QUIET_SECONDS * 1000,
    deviceName: values.WHATSAPP_DEVICE_NAME,
    timeZone: values.WHATSAPP_TIME_ZONE || machineZone(process.env['TZ']),
    tools: {
      toolsets: namesIn(values.WHATSAPP_TOOLSETS),
      tools: namesIn(values.WHATSAPP_TOOLS),
      excluded: namesIn(values.WHATSAPP_EXCLUDE_TOOLS),
      readOnly: values.WHATSAPP_READ_ONLY === 'true',
    },
    simulator,
  };
}

/** Where each file is, below the data directory. */
export function dataPaths(dataDir: string) {
  return {
    env: join(dataDir, '.env'),
    messages: join(dataDir, 'messages.db'),
    search: join(dataDir, 'search.db'),
    lookups: join(dataDir, 'lookups.db'),
    auth: join(dataDir, 'baileys', 'auth.db'),
    staging: join(dataDir, 'baileys', 'staging.db'),
    lock: join(dataDir, 'baileys', 'lock.db'),
  };
}
export type DataPaths = ReturnType<typeof dataPaths>;

/** What wa-bridge keeps below the data directory, for its clients and for itself (`session`, `lock`: databases). */
export function bridgePaths(dataDir: string) {
  return {
    address: join(dataDir, 'bridge.json'),
    token: join(dataDir, 'bridge-token'),
    session: join(dataDir, 'whatsmeow.db'),
    lock: join(dataDir, 'whatsmeow.lock.db'),
  };
}
