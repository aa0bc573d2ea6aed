/** Scripts written without spaces between words, and Hangul, whose words carry endings: every character is a word. */
const unspaced = [
  'Han',
  'Hiragana',
  'Katakana',
  'Bopomofo',
  'Hangul',
  'Thai',
  'Lao',
  'Khmer',
  'Myanmar',
  'Tibetan',
  'Yi',
]
  .map((script) => `\\p{Script_Extensions=${script}}`)
  .join('');
const plain = /^[\s\w!"#%&'()*,\-./:;?@[\\\]{}]*$/;
const singles = `[${unspaced}\\p{So}\\p{Sk}\\p{Extended_Pictographic}]`;
const eachSingle = new RegExp(singles, 'gu');
const single = new RegExp(singles, 'u');
const pictograph = /\p{Extended_Pictographic}/u;
const emojiFirst = 0x2000;

/**
 * Maps a pictograph to a private-use character. SQLite's tables lack the newest emoji and treat some older ones (`‼`,
 * `↔`) as punctuation, so it would drop them.
 */
function spaced(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < emojiFirst || !pictograph.test(character)) return ` ${character} `;
  return ` ${String.fromCodePoint(0xf0000 + (code & 0xffff))} `;
}

/**
 * Text as the index reads it: a space on both sides of every character that is a word by itself, so that a phrase of
 * them finds exactly the substring. Drops variation selectors and composes letters.
 */
export function segment(text: string): string {
  if (plain.test(text)) return text;
  return text
    .normalize('NFC')
    .replace(/[\ufe0e\ufe0f]/g, '')
    .replace(eachSingle, spaced);
}

/** True for a token that `segment` separated; no longer token can contain it. */
export function isSingle(token: string): boolean {
  const code = token.codePointAt(0) ?? 0;
  return code >= 0xf0000 || single.test(token);
}
