import * as z from 'zod';
import type { CommunityMember, JoinedCommunity, SubGroup } from '../../../bridges/operations/communities.ts';
import { AppError } from '../../domain/errors.ts';
import { fold } from '../../domain/fold.ts';
import { isLid } from '../../domain/jid.ts';
import { bareName, shownName } from '../../domain/names.ts';
import { phoneOf } from '../../domain/phone.ts';
import { pageOf } from '../../store/read/cursor.ts';
import type { KnownCommunity, Page, Reader } from '../../store/reader.ts';
import type { Line } from '../layout.ts';
import { Recipient } from '../params.ts';

export const CommunityJid = Recipient.describe('Community: JID or exact name.');

/** The fields of a result that name the community. */
export const communityHead = { community_jid: z.string(), community_name: z.string().nullable() };

export const CommunityLineSchema = z.object({
  jid: z.string(),
  name: z.string().nullable(),
  group_count: z.number().int(),
  unread_count: z.number().int(),
});
type CommunityLine = z.output<typeof CommunityLineSchema>;

export const GroupLineSchema = z.object({
  jid: z.string(),
  name: z.string().nullable(),
  unread_count: z.number().int(),
  joined: z.boolean(),
  is_announcement: z.boolean(),
});
type GroupLine = z.output<typeof GroupLineSchema>;

export const MemberLineSchema = z.object({
  jid: z.string(),
  name: z.string().nullable(),
  phone: z.string().nullable(),
  pn: z.string().nullable(),
  lid: z.string().nullable(),
  is_admin: z.boolean(),
});
type MemberLine = z.output<typeof MemberLineSchema>;

/** Communities, and groups of one. */
export const placeLine: Line = { columns: ['jid', 'name', 'unread_count'] };
export const memberLine: Line = { columns: ['jid', 'name', 'phone'] };

type Store = Pick<Reader, 'communities' | 'contacts'>;

/** Communities by name: those that WhatsApp named, else those that are known here. */
export function toCommunityViews(
  { communities }: Pick<Store, 'communities'>,
  known: readonly KnownCommunity[],
  answered: readonly JoinedCommunity[] | undefined,
  query = '',
): CommunityLine[] {
  const part = fold(query.trim());
  const told = new Map(known.map((community) => [community.jid, community]));
  const wanted = answered ?? known.map(({ jid }): JoinedCommunity => ({ jid, joined_groups: [] }));
  const lines = wanted.map(({ jid, name, joined_groups }): CommunityLine => {
    const stored = told.get(jid);
    const groups = [...new Set([...joined_groups, ...(stored?.groups ?? [])])];
    return {
      jid,
      name: shownName(name) || stored?.name || null,
      group_count: groups.length,
      unread_count: groups.reduce((sum, group) => sum + communities.group(group).unread_count, 0),
    };
  });
  return byName(lines.filter(({ jid, name }) => fold(name ?? '').includes(part) || jid.includes(part)));
}

/** When WhatsApp last said which communities there are; null when it never did. */
export const listedAt = (known: readonly KnownCommunity[]): string | null =>
  known
    .flatMap(({ listed_at }) => listed_at ?? [])
    .sort()
    .at(-1) ?? null;

/** The group of the announcements first, then those that the account is in, each by name. */
export function groupLines({ communities }: Pick<Store, 'communities'>, groups: readonly SubGroup[]): GroupLine[] {
  const lines = groups.map(({ name, ...group }): GroupLine => {
    const stored = communities.group(group.jid);
    return { ...group, name: shownName(name) || stored.name, unread_count: stored.unread_count };
  });
  return byName(lines, ({ is_announcement, joined }) => (is_announcement ? 0 : joined ? 1 : 2));
}

/** Admins first, then by name; each person once, under the number where that is known. */
export function memberLines({ contacts }: Pick<Store, 'contacts'>, members: readonly CommunityMember[]): MemberLine[] {
  const people = new Map<string, MemberLine>();
  for (const { jid: address, is_admin, ...told } of members) {
    const known = contacts.known(told.pn ?? address);
    const pn = known.pn ?? told.pn ?? null;
    const jid = pn ?? known.jid;
    const lid = known.lid ?? told.lid ?? (isLid(address) ? address : null);
    const isAdmin = is_admin || people.get(jid)?.is_admin === true;
    people.set(jid, { jid, name: known.name, phone: phoneOf(pn), pn, lid, is_admin: isAdmin });
  }
  return byName([...people.values()], ({ is_admin }) => (is_admin ? 0 : 1));
}

/** Entries without a name come last. */
function byName<T extends { jid: string; name: string | null }>(lines: T[], rank: (line: T) => number = () => 0): T[] {
  const keyed = lines.map((line) => ({
    line,
    key: [rank(line), fold(line.name === null ? '\uffff' : bareName(line.name)), line.jid] as const,
  }));
  keyed.sort(({ key: a }, { key: b }) => {
    const at = a.findIndex((part, index) => part !== b[index]);
    return at === -1 ? 0 : a[at]! < b[at]! ? -1 : 1;
  });
  return keyed.map(({ line }) => line);
}

/** A page of entries in their order; its cursor is the address of its last one. */
export function pageBehind<T extends { jid: string }>(entries: readonly T[], count: number, cursor?: string): Page<T> {
  const from = cursor === undefined ? 0 : entries.findIndex(({ jid }) => jid === cursor) + 1;
  if (cursor !== undefined && from === 0) {
    throw new AppError(
      'invalid_input',
      'cursor is no next_cursor of this list, or its entry is gone; leave it out to start again.',
    );
  }
  return pageOf(
    entries.slice(from),
    count,
    (entry) => entry,
    ({ jid }) => jid,
  );
}
