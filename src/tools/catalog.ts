import * as chats from './chats.ts';
import type { AnyTool } from './define.ts';
import * as history from './history.ts';
import * as messages from './messages.ts';
import * as system from './system.ts';

/** Every tool, ordered by name, so that the list is the same for every client. */
export const catalog: readonly AnyTool[] = [system, history, messages, chats]
  .flatMap((module) => Object.values(module))
  .sort((a, b) => (a.name < b.name ? -1 : 1));
