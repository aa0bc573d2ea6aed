import { oneConsonant, typed } from './fold-letters.ts';

const ascii = /^[\0-\x7f]*$/;
/** Characters with a compatibility form, in text that is lower-case; also what a reader never sees. */
const changing = /\p{Changes_When_NFKC_Casefolded}/gu;
const unseen = /^\p{Default_Ignorable_Code_Point}$/u;
const pictograph = /^\p{Extended_Pictographic}$/u;
const marked = /(\P{M})?(\p{M}+)/gu;

/**
 * Text as it is compared everywhere: in the index, queries, snippets, names and filters. Equal for what a reader takes
 * as the same word: no case, no compatibility forms (widths, ligatures, presentation forms), no marks that writers leave
 * out, digits of every script as ASCII, and letters as people type them. Never throws; a lone surrogate becomes U+FFFD.
 * Folding twice changes nothing.
 */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  const simple = oneConsonant(text.toWellFormed().toLowerCase()).replace(changing, compatible).normalize('NFD');
  return typed(withoutMarks(simple)).normalize('NFC');
}

const compatibleForms = new Map<string, string>();

function compatible(char: string): string {
  let form = compatibleForms.get(char);
  if (form === undefined) {
    form = readCompatible(char);
    compatibleForms.set(char, form);
  }
  return form;
}

/** The compatibility form of a character; pictures and letters of Hangul, which would join into syllables, stay. */
function readCompatible(char: string): string {
  if (pictograph.test(char)) return char;
  if (unseen.test(char)) return '';
  const form = [...char.normalize('NFKD')].map(withoutCase).join('');
  // Accents that stand alone: their form is a space with a mark.
  if (form.length > 1 && form.startsWith(' ')) return /\p{Sk}/u.test(char) ? char : form.slice(1);
  // Signs for words stay apart from what they stand next to: №5, 5㎏.
  if (/\p{So}/u.test(char) && form.length > 1 && form !== char.normalize('NFD')) return ` ${form} `;
  return hangulLetters.get(form) ?? form;
}

/** Upper case joins what lower case keeps apart: ß and ss. Marks stay, since iota below a letter has an upper case. */
const withoutCase = (char: string): string => (/\p{M}/u.test(char) ? char : char.toUpperCase().toLowerCase());

/** The letters of Hangul that people type alone, by their compatibility forms, which the half-width ones share. */
const hangulLetters: ReadonlyMap<string, string> = new Map(
  Array.from({ length: 0x5e }, (_, number) => {
    const letter = String.fromCharCode(0x3131 + number);
    return [letter.normalize('NFKD'), letter];
  }),
);

/** Decomposed text without the marks that writers of its script leave out. */
function withoutMarks(text: string): string {
  if (!/\p{M}/u.test(text)) return text;
  return text.replace(marked, (_, base: string | undefined, marks: string) => {
    const letter = base ?? '';
    return letter + [...marks].filter((mark) => isPartOf(letter, mark)).join('');
  });
}

/** Marks over any letter, points of Arabic, Hebrew and Syriac, and enclosing marks; kana have marks of their own. */
const leftOut = /^(?![\u3099\u309a])[\p{Script=Inherited}\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Me}]$/u;
const cyrillic = /\p{Script=Cyrillic}/u;
/** Breve, macron, double acute and diaeresis make letters of their own, such as й and ї; ё is written as е. */
const cyrillicLetter = /^(?:[^е][\u0304\u0306\u0308\u030b]|е[\u0304\u0306]|[гк]\u0301)$/u;
/** Nukta in words that Hindi borrowed, written without it as often; ड़ and ढ़ are letters. */
const borrowed = /^[कखगजफ]\u093c$/;

/** Whether readers take a letter with this mark for another letter than without. */
function isPartOf(letter: string, mark: string): boolean {
  if (mark === '\u093c') return !borrowed.test(letter + mark);
  return !leftOut.test(mark) || (cyrillic.test(letter) && cyrillicLetter.test(letter + mark));
}

/** A letter with all that belongs to it: marks, what is unseen, vowels and finals of Hangul, half-width voiced marks. */
const clusters = /[\s\S](?:\p{M}|\p{Default_Ignorable_Code_Point}|[\u1160-\u11ff\ud7b0-\ud7ff\uff9e\uff9f])*/gu;

/** Folded text, and for each of its units where the letter begins and ends in the original. */
export interface PlacedText {
  folded: string;
  starts: number[];
  ends: number[];
}

export function foldWithPlaces(text: string): PlacedText {
  const placed: PlacedText = { folded: '', starts: [], ends: [] };
  const known = new Map<string, string>();
  for (const { 0: cluster, index } of text.matchAll(clusters)) {
    const part = known.get(cluster) ?? fold(cluster);
    known.set(cluster, part);
    placed.folded += part;
    for (let unit = 0; unit < part.length; unit++) {
      placed.starts.push(index);
      placed.ends.push(index + cluster.length);
    }
  }
  return placed;
}
