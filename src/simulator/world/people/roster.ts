import { Random, shuffled } from '../random.ts';
import type { Member } from '../thread.ts';
import { groupSubject } from '../words/text.ts';
import { type Language, languages } from '../words/vocabulary.ts';
import type { Person } from '../world.ts';
import { type Identity, me, Population } from './people.ts';

export const communityJid = '120363143634035041@g.us';
export const communityName = 'Harbour Quarter';
const communityGroups = ['Announcements', 'Gardening', 'Lost and found', 'Summer party', 'Carpool', 'Repair café'];
/** A group of the community that the account has left. */
const leftGroup = 'Carpool';

/** The address form of a chat; `split` is a person whose direct chat hides the LID under which groups know them. */
type Slot = 'business' | 'split' | 'lid_with_pn' | 'pn_with_lid' | 'pn' | 'lid' | 'group' | 'community';

const slots: Slot[] = (
  [
    ['business', 1],
    ['split', 1],
    ['lid_with_pn', 10],
    ['pn_with_lid', 10],
    ['pn', 13],
    ['lid', 8],
    ['group', 18],
    ['community', communityGroups.length],
  ] as const
).flatMap(([slot, count]) => Array<Slot>(count).fill(slot));

/** Languages of the chats from the largest down: English often, each other one early. */
const cycle: Language[] = languages.slice(1).flatMap((language, index) => (index % 2 ? [language] : ['en', language]));

/** The other side of a chat, before the chat has a size. */
export interface RosterEntry {
  slot: Slot;
  jid: string;
  language: Language;
  members: readonly Member[];
  writers?: readonly Member[];
  /** Group subject. */
  name?: string;
  parent?: string;
  announcement?: true;
  left?: true;
  /** My address in the chat. */
  own: string;
}

const identities: Record<Exclude<Slot, 'business' | 'group' | 'community'>, Identity> = {
  split: 'both',
  lid_with_pn: 'both',
  pn_with_lid: 'both',
  pn: 'pn',
  lid: 'lid',
};

function directEntry(slot: Exclude<Slot, 'group' | 'community'>, language: Language, people: Population): RosterEntry {
  const person = slot === 'business' ? people.addBusiness() : people.add(language, identities[slot]);
  const jid = (slot === 'lid' || slot === 'lid_with_pn' ? person.lid : person.pn)!;
  return { slot, jid, language, members: [{ jid, person }], own: jid === person.lid ? me.lid : me.pn };
}

/** Adds people without a direct chat with the account who share some of its groups. */
function addStrangers(people: Population): void {
  for (const language of languages) {
    for (const identity of ['both', 'pn', 'lid', 'both', 'lid', 'both', 'pn'] as const) people.add(language, identity);
  }
}

function groupMembers(
  language: Language,
  byLid: boolean,
  people: Population,
  random: Random,
  first?: Person,
): Member[] {
  const addressed = (person: Person): Member[] => {
    const jid = byLid ? person.lid : person.pn;
    return jid && !person.business ? [{ jid, person }] : [];
  };
  const local = shuffled(people.speaking(language), random).flatMap(addressed);
  const others = shuffled(people.people, random).flatMap(addressed).slice(0, random.below(8));
  const all = [...(first ? addressed(first) : []), ...local.slice(0, 4 + random.below(8)), ...others];
  return [...new Map(all.map((member) => [member.jid, member])).values()];
}

/** Creates the groups of a roster. */
class GroupMaker {
  #serial = 0;
  #inCommunity = 0;
  readonly #named = new Map<Language, number>();
  readonly #people: Population;
  readonly #random: Random;
  /** A member of the first group, which addresses people by LID. */
  readonly #first: Person;

  constructor(people: Population, random: Random, first: Person) {
    this.#people = people;
    this.#random = random;
    this.#first = first;
  }

  make(slot: 'group' | 'community', language: Language): RosterEntry {
    const serial = this.#serial++;
    const byLid = serial % 2 === 0;
    const first = serial === 0 ? this.#first : undefined;
    const members = groupMembers(language, byLid, this.#people, this.#random, first);
    const digits = String(serial).padStart(2, '0') + String(1e8 + this.#random.below(9e8));
    const base = { slot, language, members, own: byLid ? me.lid : me.pn, jid: `1203634${digits}@g.us` };
    if (slot === 'community') return { ...base, ...this.#inCommunityOf(members) };
    const nth = this.#named.get(language) ?? 0;
    this.#named.set(language, nth + 1);
    // The ids of the oldest groups consist of their founder's number and their creation time.
    const legacy = nth === 1 ? { jid: `${me.pn.split('@')[0]}-${1479643200 + serial}@g.us` } : {};
    return { ...base, ...legacy, name: groupSubject(language, nth) };
  }

  #inCommunityOf(members: readonly Member[]): Partial<RosterEntry> {
    const name = communityGroups[this.#inCommunity++]!;
    const announcement = name === communityGroups[0];
    return {
      ...{ name, parent: communityJid },
      ...(name === leftGroup && { left: true }),
      ...(announcement && { announcement, writers: members.slice(0, 2) }),
    };
  }
}

/** The 67 chats of a world from the largest down, and its people. */
export function createRoster(seed: number): { entries: RosterEntry[]; people: Population } {
  const random = new Random(seed ^ 0x0707);
  const people = new Population(seed);
  const order = shuffled(slots, random).map((slot, index) => ({
    slot,
    language: slot === 'business' || slot === 'community' ? ('en' as const) : cycle[index % cycle.length]!,
  }));
  const directs = order.map(({ slot, language }) =>
    slot === 'group' || slot === 'community' ? undefined : directEntry(slot, language, people),
  );
  addStrangers(people);
  const split = directs.find((entry) => entry?.slot === 'split')!.members[0]!.person;
  const groups = new GroupMaker(people, random, split);
  const entries = order.map(
    ({ slot, language }, index) => directs[index] ?? groups.make(slot as 'group' | 'community', language),
  );
  return { entries, people };
}
