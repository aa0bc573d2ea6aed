import * as business from './business/business.ts';
import * as chats from './chats/chats.ts';
import * as communities from './communities/communities.ts';
import * as contacts from './contacts/contacts.ts';
import type { AnyTool } from './define.ts';
import * as history from './history/history.ts';
import * as messages from './messages/messages.ts';
import * as unread from './messages/unread.ts';
import * as routing from './system/routing.ts';
import * as system from './system/system.ts';

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
