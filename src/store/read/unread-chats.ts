import type { ContactDirectory } from '../names/contact-directory.ts';
import type { MessageView } from '../reader.ts';
import { type MessageRow, type MessageRows, parseDetails } from './message-rows.ts';

/** Of how many unread messages of a chat mentions are looked for. */
const maxLooked = 500;
/** How many messages of ours may stand among them. */
const maxOwn = 50;

export interface UnreadLines {
  /** The last unread messages, oldest first. */
  lines: MessageView[];
  /** Unread messages that name the account, newest first. */
  mentions_of_me: MessageView[];
}

/** What is unread in a chat of these rows: the newest messages of others, as many as are counted as unread. */
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
