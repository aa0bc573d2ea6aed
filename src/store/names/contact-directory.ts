import { isLid, isPn, normalizeJid } from '../../domain/jid.ts';
import { bareName, chosenName, impersonates, shownName, visible } from '../../domain/names.ts';
import { phoneDigits, phoneOf } from '../../domain/phone.ts';
import { otherForm } from '../../domain/phone-forms.ts';
import type { Db } from '../sqlite/database.ts';
import { VersionedCache } from '../sqlite/version-cache.ts';
import { nameKey } from './key.ts';
import { nameMatcher, nameRanks } from './name-matcher.ts';
import { SavedNames } from './saved-names.ts';

/** A person under the address to show: the PN when it is known, else the LID. */
export interface Person {
  jid: string;
  pn: string | null;
  lid: string | null;
  savedName: string | null;
  /**
   * The first that exists of saved name, business name, self-chosen name and phone number. Self-chosen names begin with
   * `~`, or with the number or address and ` ~` where they look like another person's name.
   */
  name: string | null;
}

interface ContactRow {
  id: number;
  jid: string;
  pn: string | null;
  lid: string | null;
  saved_name: string | null;
  push_name: string | null;
  business_name: string | null;
  merged_into: number | null;
}

/** The name of the account itself, in every view. */
export const selfName = 'You';

const maxSenders = 200;

/** Finds the person of an address. */
export class ContactDirectory {
  readonly #db: Db;
  readonly #people: VersionedCache<string, Person>;
  readonly #saved: SavedNames;

  constructor(db: Db) {
    this.#db = db;
    this.#people = new VersionedCache(db);
    this.#saved = new SavedNames(db);
  }

  /** The person with an address in any form; an unknown address gives a person with that address only. */
  find(address: string): Person {
    return this.#people.get(address, () => {
      const jid = normalizeJid(address) ?? address;
      const row = this.#row(jid);
      const own = this.#isOwn(row ? [row.jid, row.pn, row.lid] : [jid]);
      const pn = row?.pn ?? [row?.jid, jid].find((known) => known && isPn(known)) ?? null;
      const person = {
        jid: pn ?? row?.jid ?? jid,
        pn,
        lid: row?.lid ?? [row?.jid, jid].find((known) => known && isLid(known)) ?? null,
        savedName: shownName(row?.saved_name) || null,
      };
      return { ...person, name: own ? selfName : person.savedName || this.#chosen(row, person) || phoneOf(pn) };
    });
  }

  /** Every address of the people that an address, a phone number or a part of a name matches; empty when none does. */
  addresses(who: string): string[] {
    const jid = normalizeJid(visible(who));
    if (jid) return this.#addressesOf([jid]);
    const digits = phoneDigits(who);
    const forms = digits ? [digits, otherForm(digits)].filter((form) => form !== undefined) : [];
    const numbered = forms.flatMap((form) => [`${form}@s.whatsapp.net`, ...this.#withDigits(form)]);
    return this.#addressesOf([...numbered, ...this.#named(who)]);
  }

  /** Whether there is a contact with this address. */
  isKnown(address: string): boolean {
    return this.#row(normalizeJid(address) ?? address) !== undefined;
  }

  /** Whether this is the account's own address, PN or LID. */
  isOwn(address: string): boolean {
    const { jid, pn, lid } = this.find(address);
    return this.#isOwn([jid, pn, lid]);
  }

  /** Whether the person chose this name. */
  isChosen(address: string, name: string): boolean {
    const row = this.#row(normalizeJid(address) ?? address);
    return [row?.business_name, row?.push_name].some((chosen) => chosen && nameKey(chosen) === nameKey(name));
  }

  /** Number of people, each counted once. */
  count(): number {
    return this.#db.prepare<[], number>('SELECT count(*) FROM contacts WHERE merged_into IS NULL').pluck().get() ?? 0;
  }

  /** The self-chosen name, in the form to show; '' where it could be mistaken for a number or for the user. */
  #chosen(row: ContactRow | undefined, { jid, pn }: Pick<Person, 'jid' | 'pn'>): string {
    const names = [row?.business_name, row?.push_name].map(chosenName);
    const name = names.find((one) => one !== '' && !impersonates(bareName(one)));
    if (name === undefined) return '';
    return this.#saved.belongsToAnother(bareName(name), row?.id ?? null) ? `${phoneOf(pn) ?? jid} ${name}` : name;
  }

  #row(jid: string): ContactRow | undefined {
    let row = this.#db
      .prepare<[string], ContactRow>(
        'SELECT c.* FROM contact_aliases a JOIN contacts c ON c.id = a.contact_id WHERE a.alias = ?',
      )
      .get(jid);
    row ??= this.#db.prepare<[string], ContactRow>('SELECT * FROM contacts WHERE jid = ?').get(jid);
    for (let hops = 0; row?.merged_into != null && hops < 10; hops++) {
      row = this.#db.prepare<[number], ContactRow>('SELECT * FROM contacts WHERE id = ?').get(row.merged_into) ?? row;
    }
    return row;
  }

  /** Whether one of these is the account's own address. */
  #isOwn(addresses: readonly (string | null)[]): boolean {
    const own = this.#db
      .prepare<[], string>("SELECT value FROM meta WHERE key IN ('account_jid', 'account_lid')")
      .pluck()
      .all();
    return own.some((address) => addresses.includes(address));
  }

  #withDigits(digits: string): string[] {
    return this.#db
      .prepare<[string], string>("SELECT alias FROM contact_aliases WHERE alias LIKE '%' || ? || '%@%' LIMIT 200")
      .pluck()
      .all(digits);
  }

  /** Addresses of contacts and direct chats with a name that matches; with a typo only where no other does. */
  #named(who: string): string[] {
    if (nameKey(who) === '') return [];
    const rank = nameMatcher(who);
    const rows = this.#db
      .prepare<[], { jid: string; names: string }>(
        `SELECT jid, concat_ws(char(10), saved_name, push_name, business_name) AS names FROM contacts
         UNION ALL SELECT jid, name FROM chats WHERE kind = 'direct' AND name IS NOT NULL`,
      )
      .iterate();
    const [found, alike]: [string[], string[]] = [[], []];
    for (const { jid, names } of rows) {
      const ranks = names.split('\n').map((name) => rank(name) ?? Number.POSITIVE_INFINITY);
      const best = Math.min(...ranks);
      if (best < nameRanks.typo) found.push(jid);
      else if (best === nameRanks.typo) alike.push(jid);
    }
    return found.length > 0 ? found : alike;
  }

  #addressesOf(jids: readonly string[]): string[] {
    const aliases = this.#db
      .prepare<[number], string>('SELECT alias FROM contact_aliases WHERE contact_id = ?')
      .pluck();
    const all = new Set<string>();
    for (const jid of jids.slice(0, maxSenders)) {
      const person = this.find(jid);
      const row = this.#row(jid);
      for (const address of [jid, person.pn, person.lid, ...(row ? aliases.all(row.id) : [])]) {
        if (address) all.add(address);
      }
    }
    return [...all];
  }
}
