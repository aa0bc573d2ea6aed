import { AppError } from '../../domain/errors.ts';
import { isLid, isPn } from '../../domain/jid.ts';
import { chosenMark, impersonates, type NameKind, skeleton } from '../../domain/names.ts';
import { ambiguous } from './ambiguous.ts';
import { assertNameable } from './assert-nameable.ts';
import type { Named } from './everybody.ts';
import { nameKey } from './key.ts';

type Bearers = Map<string, NameKind>;

const words = (name: string): string[] =>
  nameKey(name)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '');

/**
 * The address of the one chat or person of exactly this name, accents and case ignored. Saved names and the subjects of
 * groups come first. A name that somebody chose for themselves counts where nobody is saved under one that has it or
 * looks like it; with `~` in front, as results show such names, it alone is meant. Throws `ambiguous_recipient` with the
 * addresses and kinds of names alone, `not_found`, or `invalid_input` for what can be no name.
 */
export function bearerOf(asked: string, everybody: Iterable<Named>): string {
  const isChosen = asked.trim().startsWith(chosenMark);
  const name = isChosen ? asked.trim().slice(chosenMark.length) : asked;
  const people = [...everybody];
  const bearers = isChosen ? new Map() : called(name, people, ['saved', 'subject']);
  if (bearers.size > 0) return only(bearers, 'chats or contacts have this name');
  const chosen = called(name, people, ['chosen']);
  if (chosen.size === 0) {
    assertNameable(name);
    throw new AppError('not_found', 'No chat or contact has exactly this name.');
  }
  if (isChosen) return only(chosen, 'people call themselves so');
  const others = [...alike(name, people)].filter(([jid]) => !chosen.has(jid));
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

function only(bearers: Bearers, words: string): string {
  const [first, ...others] = bearers.keys();
  if (first !== undefined && others.length === 0) return first;
  throw ambiguous(`${bearers.size} ${words}.`, [...bearers.keys()], bearers);
}

function called(name: string, people: readonly Named[], kinds: readonly NameKind[]): Bearers {
  const wanted = nameKey(name);
  const found: Bearers = new Map();
  if (wanted === '') return found;
  for (const { jid, names } of people) {
    const named = names.find(({ text, kind }) => kinds.includes(kind) && nameKey(text) === wanted);
    if (named && !found.has(jid)) found.set(jid, named.kind);
  }
  return found;
}

/** People who are saved under a name that has these words in it, or that looks like this one. */
function alike(name: string, people: readonly Named[]): Bearers {
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
