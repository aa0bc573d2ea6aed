/**
 * Allowed imports between parts. A file may import from its own part and from layers listed before it; parts of one
 * layer must not import each other.
 */
export const layers: readonly (readonly string[])[] = [
  ['src/stdout.ts'],
  ['src/domain'],
  ['src/package.ts', 'src/settings.ts', 'src/system'],
  ['src/config.ts'],
  ['src/log.ts'],
  ['bridges', 'src/store'],
  ['src/router'],
  ['src/sync'],
  ['src/tools'],
  ['src/prompts', 'src/resources'],
  ['src/server'],
  ['src/page'],
  ['src/services.ts'],
  ['src/app.ts'],
  ['src/simulator'],
  ['src/cli'],
  ['src/main.ts'],
];

/**
 * The rooms of a part, from the ground up: a room may import from those listed before it, and from no other of its row.
 * A file beside the rooms is a room of its own.
 */
export const rooms: Record<string, readonly (readonly string[])[]> = {
  'src/store': [
    ['files', 'pages', 'reader.ts'],
    ['sqlite'],
    ['allowance.ts', 'auth.ts', 'names', 'rights', 'search'],
    ['salvage', 'staging', 'write'],
    ['opening', 'read', 'transfer'],
    ['open-reader.ts'],
  ],
  'bridges/baileys': [
    ['library'],
    ['translate'],
    ['app-state', 'receive'],
    ['connection'],
    ['operations'],
    ['baileys.ts'],
  ],
  'src/tools': [
    ['layout.ts', 'params.ts', 'store-status.ts', 'time-range.ts'],
    ['define.ts'],
    ['result'],
    ['selection.ts', 'system'],
    ['business', 'chats', 'communities', 'contacts', 'history'],
    ['messages'],
    ['modules.ts'],
    ['catalog.ts'],
  ],
  'src/simulator': [
    ['counters.ts', 'events.ts', 'media.ts', 'wire', 'world'],
    ['signal'],
    ['account'],
    ['connection.ts', 'faults'],
    ['outbox.ts'],
    ['context.ts'],
    ['phone'],
    ['http.ts', 'iq', 'traffic'],
    ['session.ts'],
    ['simulator.ts'],
  ],
};

/** Parts that may import nothing of ours but this; `types` are files of which only types may be taken. */
export const islands: Record<string, { allowed: readonly string[]; types: readonly string[] }> = {
  'src/stdout.ts': { allowed: [], types: [] },
  'src/domain': { allowed: ['src/domain'], types: [] },
  'src/simulator': { allowed: ['src/simulator', 'src/domain'], types: ['src/config.ts'] },
};

/** The only importers of a part besides tests, where the layers would allow more. */
export const importers: Record<string, readonly string[]> = {
  'src/simulator': ['src/simulator', 'src/cli'],
};

/** Packages that only one part may import. */
export const packages: Record<string, readonly string[]> = {
  '@whiskeysockets/baileys': ['bridges/baileys', 'src/simulator'],
  '@modelcontextprotocol/sdk': ['src/server'],
  'better-sqlite3': ['src/store'],
  undici: ['bridges/whatsmeow', 'bridges/baileys'],
  commander: ['src/cli'],
  '@clack/prompts': ['src/cli'],
  open: ['src/cli'],
  qrcode: ['src/cli', 'src/tools'],
  ws: ['src/simulator'],
};

/**
 * Static imports of external packages run before any bundled code, including the guard on stdout: these places must use
 * `await import()`.
 */
export const lazyPackages: Record<string, readonly string[]> = {
  '@whiskeysockets/baileys': ['bridges'],
};

/** Globals that only these places may use. */
export const globals: Record<string, readonly string[]> = {
  'process.stdout': ['src/stdout.ts', 'src/cli'],
  'process.stdin': ['src/server', 'src/cli'],
  // The Go compiler needs its folders and settings from the environment.
  'process.env': ['src/cli', 'src/config.ts', 'bridges/whatsmeow/build.ts'],
  console: ['src/stdout.ts'],
};

/**
 * The packages of wa-bridge, from the ground up: a package may import from the rows before its own. Tests may also use
 * `inmemory`, a disk in memory, and `simulation`, the simulated WhatsApp.
 */
export const goPackages: readonly (readonly string[])[] = [
  ['domain', 'inmemory', 'simulation'],
  ['sqlite', 'trust'],
  ['spool', 'store/rules'],
  ['store'],
  ['wa/translate/wellformed'],
  ['wa/device', 'wa/translate'],
  ['wa/history'],
  ['wa'],
  ['http'],
  ['wa/operations'],
  ['cmd/sim-writer', 'cmd/wa-bridge'],
];
