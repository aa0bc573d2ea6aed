/**
 * Which part of the program may know which. A file may import from its own layer and from those listed before it;
 * two parts of one layer do not know each other.
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
    ['define.ts', 'params.ts', 'store-status.ts'],
    ['result', 'selection.ts', 'system'],
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

/** Who besides tests may import a part at all, where the layers would let more do it. */
export const importers: Record<string, readonly string[]> = {
  'src/simulator': ['src/simulator', 'src/cli'],
};

/** Packages that only one part of the program may know. */
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
 * Static imports of packages outside the bundle run before any bundled code, the guard on stdout included: here such a
 * package is reached by `await import()` alone.
 */
export const lazyPackages: Record<string, readonly string[]> = {
  '@whiskeysockets/baileys': ['bridges'],
};

/** Globals that belong to one place. */
export const globals: Record<string, readonly string[]> = {
  'process.stdout': ['src/stdout.ts', 'src/cli'],
  'process.stdin': ['src/server', 'src/cli'],
  // The Go compiler finds its own folders and settings there.
  'process.env': ['src/cli', 'src/config.ts', 'bridges/whatsmeow/build.ts'],
  console: ['src/stdout.ts'],
};
