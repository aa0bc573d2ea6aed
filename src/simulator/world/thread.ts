import type { Section } from './message-kind.ts';
import type { Language } from './words/vocabulary.ts';
import type { Person } from './world.ts';

/** A person who writes in a chat, under the address that this chat uses for them. */
export interface Member {
  jid: string;
  person: Person;
}

/** Where the rows of a chat stand in time. Seconds since 1970; `session` is the length of one burst of rows. */
export interface Span {
  end: number;
  session: number;
}

/** A chat before its rows: all data that is needed to generate a row from its number. */
export interface Thread {
  seed: number;
  index: number;
  jid: string;
  language: Language;
  group: boolean;
  /** My address in this chat. */
  own: string;
  /** Everyone but me; in a direct chat exactly one. */
  members: readonly Member[];
  /** The only members who write (the admins of an announcement group); absent: all. */
  writers?: readonly Member[];
  /** Newest first: the rows of the first sync, then those that only an on-demand request returns. */
  sections: readonly Section[];
  rows: number;
  olderRows: number;
  span: Span;
  archived: boolean;
  /** This many newest rows are not mine. */
  unread: number;
  /** After how many seconds messages disappear, and since when (seconds since 1970). */
  ephemeral?: { seconds: number; since: number };
}
