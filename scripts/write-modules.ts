import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { operationModules } from './operations/modules.ts';
import { toolModules, toolModulesPath } from './tool-modules.ts';

// A run of its own before generate.ts, which loads the catalogues that are made of these files.
const root = fileURLToPath(new URL('..', import.meta.url));
for (const [path, text] of [[toolModulesPath, toolModules()] as const, ...operationModules()]) {
  const file = join(root, path);
  if (existsSync(file) && readFileSync(file, 'utf8') === text) continue;
  writeFileSync(file, text);
  console.log(`written: ${path}`);
}
