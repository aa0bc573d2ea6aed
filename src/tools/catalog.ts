import * as business from './business.ts';
import * as chats from './chats.ts';
import * as communities from './communities.ts';
import * as contacts from './contacts.ts';
import type { AnyTool } from './define.ts';
import * as history from './history.ts';
import * as messages from './messages.ts';
import * as routing from './routing.ts';
import * as system from './system.ts';
import * as unread from './unread.ts';

/** Every tool, ordered by name, so that the list is the same for every client. */
export const catalog: readonly AnyTool[] = [
  system,
  routing,
  history,
  messages,
  unread,
  chats,
  contacts,
  communities,
  business,
]
  .flatMap((module) => Object.values(module))
  .sort((a, b) => (a.name < b.name ? -1 : 1));
