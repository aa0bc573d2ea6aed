import { hash, permute, Random } from '../random.ts';
import { businessJid } from '../shop.ts';
import { personName } from '../words/text.ts';
import { emoji, type Language } from '../words/vocabulary.ts';
import type { Person } from '../world.ts';
import { profileOf } from './profile.ts';

/** The known addresses of a person. */
export type Identity = 'both' | 'pn' | 'lid';

export const me = { pn: '15550100000@s.whatsapp.net', lid: '20000000000001@lid', name: 'Robin Ashdown' };

/** Creates the people of a world; numbers from +1 555 010 0001 to +1 555 010 9999. */
export class Population {
  readonly people: Person[] = [];
  readonly #byLanguage = new Map<Language, Person[]>();
  readonly #seed: number;

  constructor(seed: number) {
    this.#seed = seed;
  }

  add(language: Language, identity: Identity): Person {
    const serial = this.people.length;
    const random = new Random(hash(this.#seed, 0x9e0, serial));
    const known = this.#byLanguage.get(language) ?? [];
    const name = personName(language, known.length);
    const callSign = random.chance(0.3) ? `${name} ${random.pick(emoji)}` : name;
    const person: Person = {
      ...(identity === 'lid' ? {} : { pn: `${15550100001 + permute(serial, 9999, this.#seed)}@s.whatsapp.net` }),
      ...(identity === 'pn' ? {} : { lid: lidOf(this.#seed, serial) }),
      pushName: callSign,
      ...(identity !== 'lid' && random.chance(0.7) ? { savedName: name } : {}),
      ...profileOf(this.#seed, serial),
    };
    this.people.push(person);
    this.#byLanguage.set(language, [...known, person]);
    return person;
  }

  addBusiness(): Person {
    const person: Person = {
      pn: businessJid,
      pushName: 'Quillmore Bakery',
      business: true,
      picture: { id: '1710000000' },
    };
    this.people.push(person);
    return person;
  }

  speaking(language: Language): readonly Person[] {
    return this.#byLanguage.get(language) ?? [];
  }
}

/** An invented LID, different for every serial below 1000. */
function lidOf(seed: number, serial: number): string {
  return `2${String(serial).padStart(3, '0')}${String(hash(seed, 0x11d, serial)).padStart(10, '0')}@lid`;
}
