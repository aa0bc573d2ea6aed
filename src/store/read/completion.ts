import { fold } from '../../domain/fold.ts';
import { type ChatKind, chatKind, normalizeJid } from '../../domain/jid.ts';
import { chosenMark, impersonates, type KnownName, visible } from '../../domain/names.ts';
import { phoneJid, phoneOf } from '../../domain/phone.ts';
import { allNamed } from '../names/all-names.ts';
import type { ChatDirectory } from '../names/chat-directory.ts';
import type { ContactDirectory } from '../names/contact-directory.ts';
import { nameKey } from '../names/key.ts';
import { nameMatcher, nameRanks } from '../names/name-matcher.ts';
import { numberForms } from '../names/number-forms.ts';
import type { Completion, CompletionReader, CompletionSubject } from '../reader.ts';
import type { Db } from '../sqlite/database.ts';

/** The maximum length of a suggested name, which must fit on one line of a menu. */
const maxNameLength = 100;

/** How well a number or an address matches, between the ranks of names; ties go to the latest activity. */
const numberRank = (nameRanks.start + nameRanks.words) / 2;
const addressRank = nameRanks.typo + 1;

interface Match {
  jid: string;
  value: string;
  rank: number;
  at: number;
}

export class Completions implements CompletionReader {
  readonly #db: Db;
  readonly #directory: ChatDirectory;
  readonly #contacts: ContactDirectory;

  constructor(db: Db, directory: ChatDirectory, contacts: ContactDirectory) {
    this.#db = db;
    this.#directory = directory;
    this.#contacts = contacts;
  }

  complete(subject: CompletionSubject, typed: string, limit: number): Completion {
    const known = this.#known();
    const isClear = clearNames(known);
    const begin = matcher(typed);
    const matches = [...known].flatMap(([jid, names]): Match[] => {
      const found = this.#isOne(subject, jid) ? begin(jid, this.#contacts.find(jid).pn, names) : undefined;
      if (found === undefined) return [];
      const at = this.#directory.find(jid)?.row.last_message_at ?? -1;
      return [{ jid, rank: found.rank, at, value: isClear(found, jid) ? offered(found) : jid }];
    });
    matches.sort((a, b) => a.rank - b.rank || b.at - a.at || (a.jid < b.jid ? -1 : 1));
    return { values: matches.slice(0, limit).map(({ value }) => value), total: matches.length };
  }

  /** The names of each chat and person, each of them once. */
  #known(): Map<string, KnownName[]> {
    const known = new Map<string, KnownName[]>();
    for (const { jid, names } of allNamed(this.#db, this.#directory, this.#contacts)) {
      known.set(jid, [...(known.get(jid) ?? []), ...names]);
    }
    return known;
  }

  #isOne(subject: CompletionSubject, jid: string): boolean {
    if (subject === 'contacts') return chatKind(jid) === 'direct';
    const kind = this.#directory.find(jid)?.row.kind;
    if (subject === 'communities') return kind === 'community';
    return kind !== undefined && !(['status', 'community'] as ChatKind[]).includes(kind);
  }
}

interface Found {
  text: string;
  /** The kind of a name; absent for an address. */
  kind?: KnownName['kind'] | undefined;
  rank: number;
}

/** A name as results show it, so that a self-chosen name is recognisable and can be looked up in the same form. */
const offered = ({ text, kind }: Pick<Found, 'text' | 'kind'>): string =>
  kind === 'chosen' ? `${chosenMark}${text}` : text;

/**
 * Answers whether a text can replace an address: no other chat or person has it as a name, and it does not read as
 * another kind of recipient.
 */
function clearNames(known: ReadonlyMap<string, readonly KnownName[]>): (found: Found, jid: string) => boolean {
  const bearers = new Map<string, Set<string>>();
  for (const [jid, names] of known) {
    for (const name of names.map(offered).map(nameKey)) bearers.set(name, (bearers.get(name) ?? new Set()).add(jid));
  }
  return ({ text, kind }, jid) => {
    const address = normalizeJid(text) ?? phoneJid(text);
    if (address !== undefined) return address === jid && kind !== 'chosen';
    if (text.startsWith(chosenMark) || (kind === 'chosen' && impersonates(text))) return false;
    return text.length <= maxNameLength && bearers.get(nameKey(offered({ text, kind })))?.size === 1;
  };
}

type Find = (jid: string, pn: string | null, names: readonly KnownName[]) => Found | undefined;

/** Matches a name, the beginning of a phone number in any format, or of the address. */
function matcher(typed: string): Find {
  const rate = nameMatcher(typed);
  const wanted = fold(visible(typed));
  const numbers = numberForms(typed, 1);
  return (jid, pn, names) => {
    const rated: Found[] = names.flatMap((name) => {
      const rank = rate(name.text);
      return rank === undefined ? [] : [{ ...name, rank }];
    });
    const phone = phoneOf(pn);
    if (phone !== null && numbers.some((digits) => phone.slice(1).startsWith(digits))) {
      rated.push({ text: wanted.startsWith('+') ? phone : jid, rank: numberRank });
    }
    if (jid.startsWith(wanted)) rated.push({ text: jid, rank: addressRank });
    return rated.sort((a, b) => a.rank - b.rank)[0];
  };
}
