import { confusables } from './confusables.ts';
import { normalizeJid } from './jid.ts';

/**
 * How a name came to be known. `saved`: from the user's address book. `chosen`: what people or businesses call
 * themselves. `subject`: what the members of a group or the owner of a channel call it.
 */
export type NameKind = 'saved' | 'chosen' | 'subject';

export interface KnownName {
  /** As it is shown, without the mark of a chosen one. */
  text: string;
  kind: NameKind;
}

/** Stands in front of every name that its bearer chose, as on phones; a saved name is shown without it. */
export const chosenMark = '~';

const plain = /^[!-~]+(?: [!-~]+)*$/;
const joiner = /\u200c|\u200d|\ufe0f/;
/** Controls, what reverses the direction of text, and what shows nothing. */
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]/gu;
/** Scripts in which a joiner between two letters changes how they are written. */
const joined =
  /[\p{Extended_Pictographic}\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Malayalam}\p{Script=Sinhala}\p{M}]/u;

/** A name on one line, without characters that hide, or that change how others are shown; '' when nothing is left. */
export function shownName(name: string | null | undefined): string {
  if (!name || plain.test(name)) return name ?? '';
  return name
    .replace(/\s/gu, ' ')
    .replace(unseen, (char, at: number) => (joiner.test(char) && joined.test(before(name, at)) ? char : ''))
    .replace(/ +/g, ' ')
    .trim();
}

/** The character in front of a place. */
const before = (text: string, at: number): string => [...text.slice(Math.max(0, at - 2), at)].at(-1) ?? '';

const withoutAccents = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC');

const lookAlikes: ReadonlyMap<string, string> = new Map([
  ...Object.entries(confusables).flatMap(([ascii, alike]) => [...alike].map((char) => [char, ascii] as const)),
  ['0', 'o'],
  ...[...'1iI|'].map((char) => [char, 'l'] as const),
]);

const alike = (char: string): string => lookAlikes.get(char) ?? char;

/** The same for two names that look alike, in the sense of the skeletons of Unicode Technical Standard 39. */
export function skeleton(name: string): string {
  const letters = [...withoutAccents(shownName(name).normalize('NFKC')).replace(unseen, '')];
  return letters
    .map((char) => alike(alike(char)))
    .join('')
    .toLowerCase()
    .replace(/[\s\p{P}]+/gu, ' ')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w')
    .trim();
}

const ownNames = new Set(['You', 'Me', 'Myself', 'Me (You)'].map(skeleton));

/** Whether a name reads as a phone number, an address or the user, which only the program may show somebody as. */
export function impersonates(name: string): boolean {
  const words = skeleton(name)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  if (normalizeJid(name.trim()) !== undefined || ownNames.has(words)) return true;
  const packed = skeleton(name)
    .replace(/[\s+~=]/g, '')
    .replace(/\p{Nd}/gu, '0');
  return /^[\dol]{5,}$/.test(packed) && (name.normalize('NFKC').match(/\p{Nd}/gu)?.length ?? 0) >= 4;
}

/** A name as its bearer chose it: marked, and never two marks; '' when nothing is left. */
export function chosenName(name: string | null | undefined): string {
  const shown = shownName(name).replace(/^[~\s\u223c\uff5e\u02dc]+/, '');
  return shown === '' ? '' : `${chosenMark}${shown}`;
}

/** A shown name without what this program put in front, for sorting and comparing. */
export const bareName = (shown: string): string => shown.replace(/^(?:\S+ )?~(?=.)/, '');
