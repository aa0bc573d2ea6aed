import { confusables } from './confusables.ts';
import { normalizeJid } from './jid.ts';

/**
 * The source of a name. `saved`: the user's address book. `chosen`: the person or business itself. `subject`: the
 * members of a group or the owner of a channel.
 */
export type NameKind = 'saved' | 'chosen' | 'subject';

export interface KnownName {
  /** The name to show, without the mark of a chosen one. */
  text: string;
  kind: NameKind;
}

/** Precedes every self-chosen name, as on phones; a saved name is shown without it. */
export const chosenMark = '~';

const plain = /^[!-~]+(?: [!-~]+)*$/;
const joiner = /\u200c|\u200d|\ufe0f/;
/** Control characters, direction overrides and invisible characters. */
const unseen = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Default_Ignorable_Code_Point}\u2800\ufff9-\ufffb]/gu;
/** Scripts in which a joiner between two letters changes their form. */
const joined =
  /[\p{Extended_Pictographic}\p{Script=Arabic}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Malayalam}\p{Script=Sinhala}\p{M}]/u;

/** A name on one line, without characters that are invisible or affect other text; '' when nothing remains. */
export function shownName(name: string | null | undefined): string {
  if (!name || plain.test(name)) return name ?? '';
  return name
    .replace(/\s/gu, ' ')
    .replace(unseen, (char, at: number) => (joiner.test(char) && joined.test(before(name, at)) ? char : ''))
    .replace(/ +/g, ' ')
    .trim();
}

/** Text without characters that are invisible; for addresses and numbers, which have none. */
export const visible = (text: string): string => text.replace(unseen, '').trim();

/** The character before an index. */
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

/** Equal for two names that look alike, by the skeletons of Unicode Technical Standard 39. */
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

/** Whether a name reads as a phone number, an address or the user; only the program itself may show such a name. */
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

/** A self-chosen name with exactly one mark; '' when nothing remains. */
export function chosenName(name: string | null | undefined): string {
  const shown = shownName(name).replace(/^[~\s\u223c\uff5e\u02dc]+/, '');
  return shown === '' ? '' : `${chosenMark}${shown}`;
}

/** A shown name without the prefix that this program added, for sorting and comparing. */
export const bareName = (shown: string): string => shown.replace(/^(?:\S+ )?~(?=.)/, '');
