import type { AnyTool } from './define.ts';
import * as modules from './modules.ts';

/** Every tool, ordered by name, so that the list is the same for every client. */
export const catalog: readonly AnyTool[] = Object.values(modules)
  .flatMap((module): AnyTool[] => Object.values(module))
  .sort((a, b) => (a.name < b.name ? -1 : 1));
