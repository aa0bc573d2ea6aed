import { type Contents, differences } from '../e2e/database.ts';
import { liveWord } from '../wire/live-script.ts';

/** The visible state at the end of a session: the rows, and the ids that a search for live messages finds. */
export interface Final {
  contents: Contents;
  found: string[];
}

const pageSize = 100;

/** All pages of a search for the word of the live messages. */
export async function foundBy(
  search: (args: Record<string, unknown>) => Promise<Record<string, unknown>>,
): Promise<string[]> {
  const found: string[] = [];
  for (let offset = 0; ; offset += pageSize) {
    const page = await search({ content: liveWord, limit: pageSize, offset });
    const messages = (page['messages'] ?? []) as { id: string }[];
    found.push(...messages.map(({ id }) => id));
    if (messages.length < pageSize) return found.sort();
  }
}

/**
 * The rows as users see them. Replaces the wire's bytes by whether they exist, because keys in live messages are
 * random. Leaves out what depends on which address was known first, because users do not see that.
 */
export function comparable(contents: Contents): Contents {
  const live = (row: string) => (row.includes(liveWord) ? row.replace(/ raw=(?!null)\S+/, ' raw') : row);
  const own = (row: string) => row.includes(' merged=null');
  const { messages, chats, contacts } = contents;
  return { ...contents, messages: messages.map(live), chats: chats.filter(own), contacts: contacts.filter(own) };
}

/** Rows that only one side has, duplicate rows, and different search results. */
export function wrongIn(actual: Final, expected: Final): string[] {
  const sameHits = JSON.stringify(actual.found) === JSON.stringify(expected.found);
  return [...differences(actual.contents, expected.contents), ...(sameHits ? [] : ['the search finds other messages'])];
}
