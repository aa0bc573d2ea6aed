import type { IngestBatch } from '../../../bridges/bridge.ts';
import type { LidPair, Member, MemberRole } from '../../../src/domain/chat.ts';
import type { Message, MessageChange } from '../../../src/domain/message.ts';
import type { MemberTold } from '../../../src/domain/rights.ts';
import { pick, seeded } from '../random.ts';
import { blankMessage } from '../rows/blank-message.ts';

/** The account of every case. */
export const owner = { jid: '15550100000@s.whatsapp.net', lid: '20000000000000@lid' };
const sentAt = 1_760_000_000;

/** One message, the changes to it, and the facts that arrive about their actors. */
export interface RightsCase {
  message: Message;
  changes: MessageChange[];
  /** In the order of arrival: the last one counts. */
  pairs: LidPair[];
  words: Member[];
  /** When the lists of the group were received, in milliseconds. */
  lists: number[];
  /** The batches in order of arrival. */
  arrivals: IngestBatch[];
}

type Random = () => number;
type Person = { pn: string; lid: string };

const addresses = (person: Person): string[] => [person.pn, person.lid];
const chance = (random: Random, share: number): boolean => random() < share;

/** Case `n` of a seed; no two cases share a person. */
export function rightsCase(seed: number, n: number): RightsCase {
  const random = seeded(seed * 100_003 + n);
  const [author, other] = [1, 2].map((k) => ({ pn: `15550${k}${n}@s.whatsapp.net`, lid: `2000${k}${n}@lid` })) as [
    Person,
    Person,
  ];
  const message = messageOf(random, n, author);
  const count = pick(random, [1, 1, 2, 3]);
  const changes = Array.from({ length: count }, (_, k) => changeOf(random, message, { author, other, k }));
  const pairs = pairsOf(random, author, other);
  const { words, lists } = message.chatJid.endsWith('@g.us')
    ? wordsOf(random, message.chatJid, changes[0]!, [author, other])
    : { words: [], lists: [] };
  const known = { message, changes, pairs, words, lists };
  return { ...known, arrivals: arrivalsOf(random, known) };
}

function messageOf(random: Random, n: number, author: Person): Message {
  const where = pick(random, ['direct', 'direct', 'group', 'group', 'group', 'own', 'channel']);
  const sender = where === 'own' ? owner.jid : pick(random, addresses(author));
  const group = `12036300${n}@g.us`;
  const channel = `12036311${n}@newsletter`;
  const direct = where === 'own' ? author.pn : sender;
  const chatJid = where === 'group' || (where === 'own' && chance(random, 0.5)) ? group : direct;
  const isDocument = chance(random, 0.4);
  return {
    ...blankMessage,
    chatJid: where === 'channel' ? channel : chatJid,
    id: `R${n}`,
    timestamp: sentAt,
    sender: where === 'channel' ? pick(random, [null, channel]) : chance(random, 0.05) ? null : sender,
    fromMe: where === 'own',
    type: isDocument ? 'document' : 'text',
    content: `words ${n}`,
    filename: isDocument ? `file ${n}.pdf` : null,
    title: chance(random, 0.3) ? `title ${n}` : null,
    details: isDocument ? { media: { mime_type: 'application/pdf', size: n + 1 } } : null,
    raw: new Uint8Array([1, n % 250]),
  };
}

/** At most one change at each time, so that no two compete for the last one. */
function changeOf(
  random: Random,
  message: Message,
  { author, other, k }: { author: Person; other: Person; k: number },
): MessageChange {
  const kind = pick(random, ['edit', 'revoke'] as const);
  const edge = sentAt * 1000 + 1_200_000;
  const after = pick(random, [sentAt * 1000 + 60_000, sentAt * 1000 + 600_000, edge - 4, edge + 1, edge + 500_000]);
  const own = message.sender ?? author.pn;
  const anyone = [own, own, ...addresses(author), ...addresses(other), ...addresses(other), owner.jid];
  const actor = message.chatJid.endsWith('@newsletter')
    ? pick(random, [message.chatJid, ...anyone])
    : pick(random, anyone);
  const isDirect = message.chatJid === author.pn || message.chatJid === author.lid;
  const chatJid = isDirect && addresses(author).includes(actor) && chance(random, 0.4) ? actor : message.chatJid;
  return { chatJid, messageId: message.id, kind, actor, at: after + k, value: kind === 'edit' ? `edit ${k}` : '' };
}

function pairsOf(random: Random, author: Person, other: Person): LidPair[] {
  const wrong = { pn: other.pn, lid: author.lid };
  return pick(random, [
    [],
    [],
    [author],
    [author],
    [other],
    [author, other],
    [wrong],
    [wrong, author],
    [author, wrong],
    [author, { pn: author.pn, lid: other.lid }],
    [other, wrong, other],
    [wrong, author, other],
  ]);
}

const roleOf: Record<Exclude<MemberTold, 'list' | 'word'>, MemberRole> = {
  add: 'member',
  promote: 'admin',
  demote: 'member',
  remove: 'left',
};
const day = 86_400_000;

/** Facts about both people under any of their addresses, around the time of a change; also lists without names. */
function wordsOf(random: Random, chatJid: string, { at, actor }: MessageChange, people: Person[]) {
  const words: Member[] = [];
  const lists: number[] = [];
  const count = pick(random, [0, 0, 1, 1, 2, 3, 5]);
  for (let k = 0; k < count; k++) {
    const when =
      at + pick(random, [-40 * day, -day, -3_600_000, -60_000, 0, 60_000, 3_600_000, day, 40 * day]) + (k % 2);
    const who = chance(random, 0.6) ? actor : pick(random, people.flatMap(addresses));
    const told = pick(random, ['list', 'list', 'add', 'promote', 'promote', 'demote', 'remove', 'word'] as const);
    const role =
      told === 'list' || told === 'word' ? pick(random, ['member', 'admin', 'superadmin'] as const) : roleOf[told];
    if (told === 'list') lists.push(when);
    if (told !== 'list' || chance(random, 0.85))
      words.push({ chatJid, member: who, role, at: when, ...(told !== 'word' && { told }) });
  }
  return { words, lists };
}

/** A delivery of the same message that lacks fields of another one. */
const poorer = (message: Message): Message => ({ ...message, filename: null, title: null, details: null, raw: null });

/**
 * All batches in a random order, except that pairs keep theirs; the message may arrive twice, from history and live.
 */
function arrivalsOf(
  random: Random,
  { message, changes, pairs, words, lists }: Omit<RightsCase, 'arrivals'>,
): IngestBatch[] {
  const lane = () => pick(random, ['live', 'history'] as const);
  const once: IngestBatch[] = [
    ...(chance(random, 0.4) ? [poorer(message), message] : [message]).map((one) => ({ lane: lane(), messages: [one] })),
    ...changes.map((change): IngestBatch => ({ lane: lane(), changes: [change] })),
    ...words.map((word): IngestBatch => ({ lane: 'history', members: [word] })),
    ...lists.map((membersAt): IngestBatch => ({ lane: 'history', chats: [{ jid: message.chatJid, membersAt }] })),
  ];
  const placed = once.map((batch) => ({ batch, at: random() }));
  const moments = pairs.map(random).sort((a, b) => a - b);
  placed.push(...pairs.map((pair, k) => ({ batch: { lane: 'live' as const, lidPairs: [pair] }, at: moments[k]! })));
  return placed.sort((a, b) => a.at - b.at).map(({ batch }) => batch);
}

/** Combines many cases: the k-th batch of a lane contains the k-th arrival of each case. */
export function together(cases: readonly RightsCase[]): IngestBatch[] {
  const rounds = Math.max(...cases.map(({ arrivals }) => arrivals.length));
  const batches: IngestBatch[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const lane of ['live', 'history'] as const) {
      const parts = cases.flatMap(({ arrivals }) => arrivals[round] ?? []).filter((part) => part.lane === lane);
      const all = <K extends keyof IngestBatch>(key: K) => parts.flatMap((part) => (part[key] as unknown[]) ?? []);
      const keys = ['messages', 'changes', 'members', 'chats', 'lidPairs'] as const;
      const filled = keys.map((key) => [key, all(key)] as const).filter(([, rows]) => rows.length > 0);
      if (filled.length > 0) batches.push({ lane, ...Object.fromEntries(filled) });
    }
  }
  return batches;
}
