import { clipChat } from './clip.ts';
import { fitEntries, pageCharacters } from './entries.ts';

/** Of what happened to one message, each kind. */
const historyCharacters = 4_000;

/** Times get 5 characters longer in a zone, which is less than this part of an entry. */
const roomForZone = 0.06;

/** The first entries of a list that fit, which may be none. */
const first = <T>(items: readonly T[], characters: number): T[] => {
  const room = { characters: characters * (1 - roomForZone), least: 0 };
  return items.slice(0, fitEntries(items, undefined, room).shown.length);
};

/** A message and its neighbours, nearest kept, so that all of it fits a page. */
export function fitAround<M extends object, T>({ message, before, after }: { message: M; before: T[]; after: T[] }) {
  const half = (pageCharacters - JSON.stringify(message).length) / 2;
  const kept = { before: first(before.toReversed(), half).reverse(), after: first(after, half) };
  const truncated = kept.before.length < before.length || kept.after.length < after.length;
  return { message, ...kept, truncated };
}

type Histories = 'edits' | 'reactions' | 'receipts';

/** A message with as much of what happened to it as fits: in a large group that is a receipt for every member. */
export function fitHistories<T extends Record<Histories, unknown[]>>(message: T): { message: T; truncated: boolean } {
  const kept = {
    edits: first(message.edits, historyCharacters),
    reactions: first(message.reactions, historyCharacters),
    receipts: first(message.receipts, historyCharacters),
  };
  const truncated = (Object.keys(kept) as Histories[]).some((name) => kept[name].length < message[name].length);
  return { message: { ...message, ...kept }, truncated };
}

/** A chat with as many of its members as fit: a community's announcements reach thousands. */
export function fitMembers<M, T extends Parameters<typeof clipChat>[0] & { participants: M[] | null }>(chat: T) {
  const { participants } = chat;
  const kept = participants && first(participants, pageCharacters - 2_000);
  const participant_count = participants?.length ?? null;
  return {
    chat: { ...clipChat(chat), participants: kept, participant_count },
    truncated: (kept?.length ?? null) !== participant_count,
  };
}
