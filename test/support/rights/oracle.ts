import type { Member, MemberRole } from '../../../src/domain/chat.ts';
import type { MessageChange } from '../../../src/domain/message.ts';
import { memberEvidence, rights, type Standing, type Verdict } from '../../../src/domain/rights.ts';
import type { RightsCase } from './cases.ts';

/** The expected row for the message of a case; `kept` is its text where it is hidden and can return. */
export interface RightsRow {
  id: string;
  type: string;
  content: string;
  filename: string | null;
  title: string | null;
  details: string | null;
  raw: string | null;
  edited_at: number | null;
  revoked_at: number | null;
  kept: string | null;
  /** For a finally revoked message: the number of edits whose text is still stored. */
  edits: number | null;
}

/** Derives the expected row from the written table and the set of arrivals, never from their order. */
export function expectedRow(one: RightsCase): RightsRow {
  const { message } = one;
  const partner = partners(one);
  const isOne = (a: string, b: string) => a === b || partner.get(a) === b;
  const found = one.changes.filter(({ chatJid }) => isOne(chatJid, message.chatJid));
  const judged = found
    .map((change) => ({ change, verdict: verdict(one, change, isOne) }))
    .filter(({ verdict: v }) => v);
  judged.sort((a, b) => a.change.at - b.change.at);
  const revoke = judged.findLast(({ change }) => change.kind === 'revoke');
  const edit = judged.findLast(({ change }) => change.kind === 'edit');
  const isFinal = judged.some(({ verdict: v }) => v === 'final');
  const second = (change?: MessageChange) => (change ? Math.floor(change.at / 1000) : null);
  const times = { edited_at: second(edit?.change), revoked_at: second(revoke?.change) };
  const edits = isFinal ? 0 : null;
  const { id, filename, title } = message;
  if (revoke) {
    const kept = isFinal ? '' : message.content;
    const gone = { type: 'revoked', content: '', filename: null, title: null, details: null, raw: null };
    return { id, ...gone, ...times, kept, edits };
  }
  return {
    ...{ id, type: message.type, content: edit?.change.value ?? message.content, filename, title },
    details: message.details && JSON.stringify(message.details),
    raw: Buffer.from(message.raw!).toString('hex').toUpperCase(),
    ...{ ...times, kept: null, edits },
  };
}

/** The final pairs of addresses: each new pair takes its addresses from earlier pairs. */
function partners({ pairs }: RightsCase): Map<string, string> {
  const partner = new Map<string, string>();
  for (const { pn, lid } of pairs) {
    for (const address of [pn, lid]) {
      const former = partner.get(address);
      if (former !== undefined) partner.delete(former);
      partner.delete(address);
    }
    partner.set(pn, lid).set(lid, pn);
  }
  return partner;
}

type IsOne = (a: string, b: string) => boolean;

function verdict(one: RightsCase, change: MessageChange, isOne: IsOne): Verdict | undefined {
  const by = standing(one, change, isOne);
  const right = rights.find((row) => row.change === change.kind && row.by === by);
  const isLate = right?.within !== undefined && change.at > (one.message.timestamp + right.within) * 1000;
  return !isLate && (right?.verdict === 'counts' || right?.verdict === 'final') ? right.verdict : undefined;
}

/** The form of the address does not matter here: neither an unproven address nor another person counts. */
function standing(one: RightsCase, { actor, at, kind }: MessageChange, isOne: IsOne): Standing {
  const { sender, chatJid } = one.message;
  if (chatJid.endsWith('@newsletter') && actor === chatJid) return 'channel';
  if (sender !== null && sender === actor) return 'author';
  if (sender !== null && isOne(sender, actor)) return 'proven';
  if (kind === 'revoke' && chatJid.endsWith('@g.us') && wasAdmin(one, at, (member) => isOne(member, actor)))
    return 'admin';
  return 'another';
}

/** The last fact before a change decides; for a change before all facts, the first one. */
function wasAdmin(one: RightsCase, at: number, isMember: (address: string) => boolean): boolean {
  const words = thinned(one.words).filter(({ member }) => isMember(member));
  const lists = thinned(
    one.lists.map((when): Member => ({ chatJid: '', member: '', role: 'left', told: 'list', at: when })),
  );
  const times = [...words, ...lists].map((word) => word.at);
  const earlier = times.filter((time) => time <= at);
  const isAfter = earlier.length > 0;
  if (times.length === 0) return false;
  const decisive = isAfter ? Math.max(...earlier) : Math.min(...times);
  const said = words.filter((word) => word.at === decisive);
  return said.length > 0 && said.every((word) => speaksForAdmin(word, isAfter));
}

function speaksForAdmin({ told = 'word', role }: Member, isAfter: boolean): boolean {
  const says = isAfter ? memberEvidence[told].from : memberEvidence[told].before;
  const high: readonly MemberRole[] = ['admin', 'superadmin'];
  return says === 'by role' ? high.includes(role) : says === true;
}

/** Keeps the first and the last of equal lists within 30 days. */
function thinned(words: readonly Member[]): Member[] {
  const same = (a: Member, b: Member) =>
    a.member === b.member && a.role === b.role && Math.floor(a.at / 2_592_000_000) === Math.floor(b.at / 2_592_000_000);
  return words.filter((word) => {
    if (word.told !== 'list') return true;
    const others = words.filter((one) => one.told === 'list' && same(one, word));
    return others.every(({ at }) => at >= word.at) || others.every(({ at }) => at <= word.at);
  });
}
