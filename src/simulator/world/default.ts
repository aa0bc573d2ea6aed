import { conversationOf, parentConversation } from './conversation.ts';
import { distribute, toThreads } from './distribution.ts';
import { messagesOf } from './message.ts';
import { rowOfMessageId } from './message-id.ts';
import { me } from './people/people.ts';
import { communityJid, createRoster } from './people/roster.ts';
import { shops } from './shop.ts';
import { statusPosts } from './status.ts';
import type { Person, World, WorldChat, WorldOptions } from './world.ts';

/** Two people without a direct chat with the account, one of them known only by LID. */
function blockedOf(people: readonly Person[]): string[] {
  const both = people.findLast(({ pn, lid }) => pn && lid)?.lid;
  const hidden = people.findLast(({ pn }) => !pn)?.lid;
  return [both, hidden].filter((lid) => lid !== undefined);
}

export const defaultWorld: WorldOptions = { seed: 1, messages: 8432 };

/** The current time of the world. */
export const worldNow = Date.UTC(2026, 10, 20, 12);

/**
 * The account of the simulated phone: a pure function of its options, generated row by row on demand.
 * `messages` is the exact number of messages in the figures, 100 to 1,000,000; RangeError otherwise.
 */
export function createWorld(options: WorldOptions): World {
  if (!Number.isInteger(options.messages) || options.messages < 100 || options.messages > 1_000_000) {
    throw new RangeError('A world has 100 to 1,000,000 messages.');
  }
  const { entries, people } = createRoster(options.seed);
  const shares = distribute(options.messages, entries.length);
  const threads = toThreads(options.seed, entries, shares, worldNow / 1000);
  const chats = threads.map((thread, index): WorldChat => {
    const entry = entries[index]!;
    const all = thread.rows + thread.olderRows;
    return {
      jid: thread.jid,
      conversation: conversationOf(thread, entry),
      ...(thread.group ? { participants: [entry.own, ...thread.members.map((member) => member.jid)] } : {}),
      ...(entry.left && { left: entry.left }),
      count: shares[index]!.count,
      rows: thread.rows,
      messages: () => messagesOf(thread, 0, thread.rows),
      ...(thread.olderRows ? { olderMessages: () => messagesOf(thread, thread.rows, all) } : {}),
      slice: (from, to) => messagesOf(thread, from, Math.min(to, all)),
      rowOf: (id) => {
        const row = rowOfMessageId(options.seed, thread.index, id);
        return row !== undefined && row < all ? row : undefined;
      },
    };
  });
  const media = shares.reduce((sum, share) => sum + share.media, 0);
  const announcements = entries.find((entry) => entry.announcement)!;
  const admins = (announcements.writers ?? []).map(({ jid }) => jid);
  const parent: WorldChat = {
    jid: communityJid,
    conversation: parentConversation(announcements.own, admins),
    participants: [announcements.own, ...admins],
    count: 0,
    rows: 0,
    messages: () => [],
  };
  return {
    me,
    now: worldNow,
    people: people.people,
    shops,
    blocked: blockedOf(people.people),
    chats: [...chats, parent, statusPosts(options.seed, people.people, worldNow / 1000)],
    figures: { messages: options.messages, chats: chats.length, media, text: options.messages - media },
  };
}
