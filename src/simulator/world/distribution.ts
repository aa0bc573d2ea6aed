import { rowsFor, sessionSeconds } from './layout.ts';
import type { Section } from './message-kind.ts';
import type { RosterEntry } from './people/roster.ts';
import { hash, Random } from './random.ts';
import type { Thread } from './thread.ts';

const day = 86_400;
const year = 365.25 * day;
const mediaShare = 2145 / 8432;
const olderMessages = 400;

interface Share {
  count: number;
  media: number;
}

/** Divides messages among chats by Zipf's law, the first the largest: exact sums, at least one in each. */
export function distribute(messages: number, chats: number): Share[] {
  const weights = Array.from({ length: chats }, (_, rank) => 1 / (rank + 1));
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  let weight = 0;
  let before = 0;
  let sharedOut = 0;
  return weights.map((own) => {
    weight += own;
    const upTo = Math.round((weight / whole) * (messages - chats));
    const count = 1 + upTo - sharedOut;
    const media = Math.round((before + count) * mediaShare) - Math.round(before * mediaShare);
    sharedOut = upTo;
    before += count;
    return { count, media };
  });
}

const isOrdinary = (entry: RosterEntry): boolean => entry.slot !== 'business' && entry.slot !== 'community';
const isEphemeral = (entry: RosterEntry, rank: number): boolean => rank % 16 === 6 && isOrdinary(entry);
const isArchived = (entry: RosterEntry, rank: number): boolean =>
  rank % 9 === 4 && isOrdinary(entry) && !isEphemeral(entry, rank);

/** Unread messages of a chat; the community's groups always have some. */
function unreadOf(entry: RosterEntry, rank: number, random: Random): number {
  if (entry.slot === 'community') return 1 + random.below(30);
  return rank % 5 === 1 && !isArchived(entry, rank) ? 1 + random.below(20) : 0;
}

/** The age of a chat's newest message in seconds. */
function silence(archived: boolean, recent: boolean, random: Random): number {
  if (archived) return (200 + random.below(200)) * day;
  if (recent) return 60 + random.below(day / 4);
  return Math.min(300 * day, random.logNormal(3 * day, 1.6));
}

function sectionsOf(seed: number, rank: number, share: Share, older: number): Section[] {
  const first = { ...share, key: hash(seed, rank, 0x5ec) };
  const media = Math.round(older * mediaShare);
  return older ? [first, { count: older, media, key: hash(seed, rank, 0x01d) }] : [first];
}

function toThread(seed: number, entry: RosterEntry, rank: number, share: Share, now: number): Thread {
  const random = new Random(hash(seed, rank, 0x7a));
  const ephemeral = isEphemeral(entry, rank);
  const unread = Math.min(share.count, unreadOf(entry, rank, random));
  const older = entry.slot === 'business' ? olderMessages : 0;
  const all = rowsFor(share.count + older) + 1;
  const rows = older ? rowsFor(share.count) : all;
  const archived = isArchived(entry, rank);
  const end = now - silence(archived, unread > 0 || ephemeral || rank < 3, random);
  const most = end - (now - 4 * year);
  const wanted = ephemeral ? 80 * day : (300 + random.below(1200)) * day;
  const length = older || rank === 0 ? most : Math.min(wanted, most);
  return {
    seed,
    index: rank,
    jid: entry.jid,
    language: entry.language,
    group: entry.name !== undefined,
    own: entry.own,
    members: entry.members,
    ...(entry.writers ? { writers: entry.writers } : {}),
    sections: sectionsOf(seed, rank, share, older),
    rows,
    olderRows: all - rows,
    span: { end, session: sessionSeconds(all, length) },
    archived,
    unread,
    ...(ephemeral ? { ephemeral: { seconds: 90 * day, since: Math.floor(end - 85 * day) } } : {}),
  };
}

/** Assigns every chat its size, its times and its state. `now` in seconds. */
export const toThreads = (
  seed: number,
  entries: readonly RosterEntry[],
  shares: readonly Share[],
  now: number,
): Thread[] => entries.map((entry, rank) => toThread(seed, entry, rank, shares[rank]!, now));
