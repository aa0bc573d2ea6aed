import * as z from 'zod';
import { AppError } from '../../domain/errors.ts';
import { type ChatKind, chatKind, isLid, isPn, normalizeJid } from '../../domain/jid.ts';
import { phoneDigits } from '../../domain/phone.ts';
import { pageOf } from '../../store/read/cursor.ts';
import type { Page } from '../../store/reader.ts';
import type { ToolContext } from '../define.ts';
import type { Line } from '../layout.ts';

/** A blocked person, under the name that is known here. */
export const BlockedSchema = z.object({
  jid: z.string(),
  name: z.string().nullable(),
  pn: z.string().nullable(),
  lid: z.string().nullable(),
});
export const personLine: Line = { columns: ['jid', 'name', 'phone'] };
export const blockedLine: Line = { columns: ['jid', 'name'] };
type BlockedPerson = z.output<typeof BlockedSchema>;

/** The address that is meant; throws `invalid_input` for a chat of another kind. */
export function chatFor({ store }: Pick<ToolContext, 'store'>, recipient: string, kinds: readonly ChatKind[]): string {
  const jid = store.chats.resolve(recipient);
  if (kinds.includes(chatKind(jid))) return jid;
  const wanted = kinds.map((kind) => (kind === 'direct' ? 'a person' : `a ${kind}`)).join(' or ');
  throw new AppError('invalid_input', `jid is a ${chatKind(jid)}; it must be ${wanted}.`);
}

/** Numbers as they are asked about, each once; throws `invalid_input` with the place of the first that is none. */
export function phoneNumbers(written: readonly string[]): string[] {
  const numbers = written.map((text, index) => {
    const digits = phoneDigits(text);
    if (digits && !digits.startsWith('0')) return `+${digits}`;
    throw new AppError('invalid_input', `phones[${index}] is no phone number with its country code.`);
  });
  return [...new Set(numbers)];
}

/** These people with their names, in the order of their addresses. */
export function namedPeople(
  { store }: Pick<ToolContext, 'store'>,
  people: readonly { jid: string; lid?: string | undefined }[],
): BlockedPerson[] {
  const named = people.map(({ jid, lid = null }) => {
    const known = store.contacts.known(jid);
    const pn = known.pn ?? (isPn(jid) ? jid : null);
    return { jid: pn ?? jid, name: known.name, pn, lid: lid ?? known.lid ?? (isLid(jid) ? jid : null) };
  });
  return named.sort((a, b) => (a.jid < b.jid ? -1 : 1));
}

/** A page of entries that are in the order of their addresses; its cursor is the address of its last one. */
export function pageAfter<T extends { jid: string }>(entries: readonly T[], count: number, cursor?: string): Page<T> {
  if (cursor !== undefined && normalizeJid(cursor) === undefined) {
    throw new AppError('invalid_input', 'cursor is not a next_cursor of this tool; leave it out to start again.');
  }
  const rest = cursor === undefined ? entries : entries.filter(({ jid }) => jid > cursor);
  return pageOf(
    rest,
    count,
    (entry) => entry,
    ({ jid }) => jid,
  );
}
