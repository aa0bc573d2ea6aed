import type { Chat, Contact, LidPair } from '../../../src/domain/chat.ts';
import { lidPair } from '../../../src/domain/lid-pair.ts';
import type { IngestBatch } from '../../bridge.ts';
import type { proto } from '../library/library.ts';
import { chatOfConversation, pairOf } from './chat.ts';
import { authorContact, contactOf } from './contact.ts';
import { membersOfConversation, pastMembers } from './member.ts';
import { type TranslateContext, translateMessage } from './message.ts';

/** A history chunk from Baileys' decoder. */
export interface HistoryData {
  chats: readonly proto.IConversation[];
  contacts: Parameters<typeof contactOf>[0][];
  messages: readonly proto.IWebMessageInfo[];
  lidPnMappings?: readonly { lid: string; pn: string }[];
  pastParticipants?: readonly proto.IPastParticipants[] | null | undefined;
}

/** Max rows per ingest call: one transaction, which blocks the event loop. */
export const sliceRows = 500;

const present = <T>(value: T | undefined): value is T => value !== undefined;

function* slices<T>(rows: readonly T[]): Iterable<T[]> {
  for (let start = 0; start < rows.length; start += sliceRows) yield rows.slice(start, start + sliceRows);
}

function pairsOf(data: HistoryData): LidPair[] {
  const mapped = (data.lidPnMappings ?? []).map(({ lid, pn }) => lidPair(lid, pn)).filter(present);
  return [...mapped, ...data.chats.map(pairOf).filter(present)];
}

/** The messages of one slice with their changes and contacts. A slice is translated only on demand. */
export function messageRows(
  messages: readonly proto.IWebMessageInfo[],
  context: TranslateContext,
): Pick<IngestBatch, 'messages' | 'changes' | 'contacts'> {
  const translated = messages.map((info) => translateMessage(info, context));
  const authors = new Map<string, Contact>();
  for (const info of messages) {
    const author = authorContact(info, context.me);
    if (author) authors.set(author.jid, author);
  }
  return {
    messages: translated.map(({ message }) => message).filter(present),
    changes: translated.flatMap(({ changes }) => changes),
    contacts: [...authors.values()],
  };
}

/** A chunk as batches of at most 500 rows of a kind: pairs, people, chats and members first, then messages. */
export function* historyBatches(data: HistoryData, context: TranslateContext): Iterable<Omit<IngestBatch, 'lane'>> {
  const chats: Chat[] = data.chats.map(chatOfConversation).filter(present);
  const contacts = data.contacts.map(contactOf).filter(present);
  for (const lidPairs of slices(pairsOf(data))) yield { lidPairs };
  for (const slice of slices(contacts)) yield { contacts: slice };
  for (const slice of slices(chats)) yield { chats: slice };
  const members = [...pastMembers(data.pastParticipants ?? []), ...data.chats.flatMap(membersOfConversation)];
  for (const slice of slices(members)) yield { members: slice };
  for (const slice of slices(data.messages)) yield messageRows(slice, context);
}
