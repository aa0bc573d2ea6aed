import { fileURLToPath } from 'node:url';
import type { BuildOptions } from 'esbuild';

/** The options of all our bundles. */
export const bundling = {
  absWorkingDir: fileURLToPath(new URL('..', import.meta.url)),
  bundle: true,
  splitting: true,
  format: 'esm' as const,
  platform: 'node' as const,
  target: 'node20.18',
  // jsonc-parser's build for Node loads its parts in a way that bundlers cannot follow.
  alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' },
  // better-sqlite3 is native; Baileys contains libsignal (GPL-3.0), which must stay a separate package: see NOTICE.
  external: ['better-sqlite3', '@whiskeysockets/baileys'],
  // Bundled CommonJS packages ask for Node's modules by `require`, which ES modules do not have.
  banner: {
    js: "import { createRequire as bundleRequire } from 'node:module';\nconst require = bundleRequire(import.meta.url);",
  },
  legalComments: 'none' as const,
  logLevel: 'warning' as const,
} satisfies BuildOptions;
