import { AppError } from '../../domain/errors.ts';
import { isLid, isPn } from '../../domain/jid.ts';
import { chosenMark, impersonates, type NameKind, skeleton } from '../../domain/names.ts';
import type { NamedAddress } from './all-names.ts';
import { ambiguous } from './ambiguous.ts';
import { assertNameable } from './assert-nameable.ts';
import { nameKey } from './key.ts';

type NameHolders = Map<string, NameKind>;

const words = (name: string): string[] =>
  nameKey(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/**
 * The address of the one chat or person with exactly this name, ignoring accents and case. Saved names and group
 * subjects come first. A self-chosen name counts only where no saved name is equal or looks like it; a leading `~`, as
 * results show such names, selects self-chosen names only. Throws `ambiguous_recipient` with addresses and kinds of
 * names only, `not_found`, or `invalid_input` for text that cannot be a name.
 */
export function addressByName(asked: string, candidates: Iterable<NamedAddress>): string {
  const isChosen = asked.trim().startsWith(chosenMark);
  const name = isChosen ? asked.trim().slice(chosenMark.length) : asked;
  const people = [...candidates];
  const bearers = isChosen ? new Map() : called(name, people, ['saved', 'subject']);
  if (bearers.size > 0) return only(bearers, 'chats or contacts have this name');
  const chosen = called(name, people, ['chosen']);
  if (chosen.size === 0) {
    assertNameable(name);
    throw new AppError('not_found', 'No chat or contact has exactly this name.');
  }
  if (isChosen) return only(chosen, 'people call themselves so');
  const others = [...similarPeople(name, people)].filter(([jid]) => !chosen.has(jid));
  if (others.length > 0 || impersonates(name)) {
    const all = new Map([...others, ...chosen]);
    throw ambiguous(
      'Only people who call themselves so have this name, and it passes for another one; give the address.',
      [...all.keys()],
      all,
    );
  }
  return only(chosen, 'people call themselves so');
}

function only(bearers: NameHolders, words: string): string {
  const [first, ...others] = bearers.keys();
  if (first !== undefined && others.length === 0) return first;
  throw ambiguous(`${bearers.size} ${words}.`, [...bearers.keys()], bearers);
}

function called(name: string, people: readonly NamedAddress[], kinds: readonly NameKind[]): NameHolders {
  const wanted = nameKey(name);
  const found: NameHolders = new Map();
  if (wanted === '') return found;
  for (const { jid, names } of people) {
    const named = names.find(({ text, kind }) => kinds.includes(kind) && nameKey(text) === wanted);
    if (named && !found.has(jid)) found.set(jid, named.kind);
  }
  return found;
}

/** People whose saved name contains these words or looks like this name. */
function similarPeople(name: string, people: readonly NamedAddress[]): NameHolders {
  const wanted = words(name);
  const look = skeleton(name);
  const isAlike = (saved: string) => {
    const parts = words(saved);
    return skeleton(saved) === look || (wanted.length > 0 && wanted.every((word) => parts.includes(word)));
  };
  const persons = people.filter(({ jid }) => isPn(jid) || isLid(jid));
  const found = persons.filter(({ names }) => names.some(({ text, kind }) => kind === 'saved' && isAlike(text)));
  return new Map(found.map(({ jid }) => [jid, 'saved']));
}
