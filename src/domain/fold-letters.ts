/**
 * Letters that Unicode does not decompose, and what people type for them. Latin letters follow CLDR's Latin-ASCII
 * transform; Hausa and West African ones the plain keyboards of those languages. Arabic ones follow Lucene's normalizers
 * for Arabic, Persian and Kurdish; Yiddish digraphs are written as one or as two letters. Malayalam and Bengali have two
 * encodings for consonants without a vowel (Unicode Standard, chapter 12).
 */
const plainLetters: Readonly<Record<string, string>> = {
  ...{ ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', æ: 'ae', œ: 'oe', ı: 'i', ħ: 'h', ŧ: 't', ŋ: 'n', ə: 'e' },
  ...{ ɓ: 'b', ɖ: 'd', ɗ: 'd', ɛ: 'e', ƒ: 'f', ɣ: 'g', ǥ: 'g', ƙ: 'k', ɲ: 'n', ɔ: 'o', ʋ: 'v', ƴ: 'y', ʒ: 'z' },
  ς: 'σ',
  ...{ ٱ: 'ا', ى: 'ي', ی: 'ي', ک: 'ك', ة: 'ه', ۃ: 'ه', ہ: 'ه', ە: 'ه', ـ: '' },
  ...{ װ: 'וו', ױ: 'וי', ײ: 'יי' },
  'ँ': 'ं', // candrabindu and anusvara are used for each other
  ...{ '’': "'", '‘': "'", '‛': "'", ʼ: "'", ʻ: "'", ʹ: "'", ʾ: "'", ʿ: "'", '′': "'", '՚': "'", '׳': "'", ꞌ: "'" },
  ...{ '‐': '-', '‒': '-', '–': '-', '−': '-', '⁃': '-', '֊': '-', '־': '-', '᠆': '-' },
};

/** Consonant, virama and joiner, as older keyboards write what has a character of its own: Malayalam, then Bengali. */
const joinedConsonants: Readonly<Record<string, string>> = {
  '\u0d23\u0d4d\u200d': '\u0d7a',
  '\u0d28\u0d4d\u200d': '\u0d7b',
  '\u0d30\u0d4d\u200d': '\u0d7c',
  '\u0d32\u0d4d\u200d': '\u0d7d',
  '\u0d33\u0d4d\u200d': '\u0d7e',
  '\u0d15\u0d4d\u200d': '\u0d7f',
  '\u09a4\u09cd\u200d': '\u09ce',
};

const eachJoined = new RegExp(Object.keys(joinedConsonants).join('|'), 'g');

/** Text with each of these consonants as one character. */
export const oneConsonant = (text: string): string =>
  text.replace(eachJoined, (sequence) => joinedConsonants[sequence] ?? sequence);

const katakana = /[\u30a1-\u30f6\u30fd\u30fe]/;
const hiraganaBelow = 0x60;
const written = new RegExp(`[${Object.keys(plainLetters).join('')}${katakana.source}[\\p{Nd}--[0-9]]]`, 'gv');

/**
 * Lower-case, decomposed text with the letters and digits that people type. Katakana becomes hiragana: the same word is
 * written in both, and input methods start from hiragana.
 */
export const typed = (text: string): string =>
  text.replace(written, (char) => {
    const letter = plainLetters[char];
    if (letter !== undefined) return letter;
    return katakana.test(char) ? String.fromCharCode(char.charCodeAt(0) - hiraganaBelow) : asciiDigit(char);
  });

/** Unicode lists the digits of each script from 0 to 9 without a gap. */
function asciiDigit(digit: string): string {
  const code = digit.codePointAt(0) as number;
  let zero = code;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return String((code - zero) % 10);
}
