/** Scripts written without spaces between words, and Hangul, whose words carry endings: there every character is a word. */
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
 * A pictograph as a private-use character: SQLite's tables know neither the newest emoji nor that some older ones
 * (`‼`, `↔`) are more than punctuation, and would drop them.
 */
function spaced(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < emojiFirst || !pictograph.test(character)) return ` ${character} `;
  return ` ${String.fromCodePoint(0xf0000 + (code & 0xffff))} `;
}

/**
 * Text as the index reads it: a space on both sides of every character that is a word by itself, so that a phrase of
 * them finds exactly the substring. Variation selectors go, and composed and decomposed letters become the same.
 */
export function segment(text: string): string {
  if (plain.test(text)) return text;
  return text
    .normalize('NFC')
    .replace(/[\ufe0e\ufe0f]/g, '')
    .replace(eachSingle, spaced);
}

/** True for a token that `segment` separated; nothing longer can contain it. */
export function isSingle(token: string): boolean {
  const code = token.codePointAt(0) ?? 0;
  return code >= 0xf0000 || single.test(token);
}
