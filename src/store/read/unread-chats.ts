import type { ContactDirectory } from '../names/contact-directory.ts';
import type { MessageView } from '../reader.ts';
import { type MessageRow, type MessageRows, parseDetails } from './message-rows.ts';

/** How many unread messages of a chat to search for mentions. */
const maxLooked = 500;
/** How many own messages to skip among them. */
const maxOwn = 50;

export interface UnreadLines {
  /** The last unread messages, oldest first. */
  lines: MessageView[];
  /** Unread messages that mention the account, newest first. */
  mentions_of_me: MessageView[];
}

/** The unread messages of a chat with these rows: the newest messages of others, as many as the unread count says. */
export function unreadLines(
  rows: MessageRows,
  contacts: ContactDirectory,
  chatIds: readonly number[],
  unread: number,
  most: number,
): UnreadLines {
  const wanted = Math.min(unread, maxLooked);
  const newest = rows.near(chatIds, 'older', wanted + maxOwn, {}).filter((row) => row.from_me === 0);
  const found = newest.slice(0, wanted);
  const namesMe = (row: MessageRow) =>
    parseDetails(row.details)?.mentions?.some((address) => contacts.isOwn(address)) ?? false;
  return {
    lines: found
      .slice(0, most)
      .reverse()
      .map((row) => rows.view(row)),
    mentions_of_me: found.filter(namesMe).map((row) => rows.view(row)),
  };
}
