const ascii = /^[\0-\x7f]*$/;

/** Text without case and accents, for comparing names and finding words in a text. */
export function fold(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f\ufe0e\ufe0f]/g, '')
    .normalize('NFC')
    .toLowerCase();
}

/** Folded text and, for each of its units, the index in the original. */
export function foldWithPlaces(text: string): { folded: string; places: number[] } {
  let folded = '';
  const places: number[] = [];
  for (const { segment, index } of new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text)) {
    const part = fold(segment);
    folded += part;
    for (let unit = 0; unit < part.length; unit++) places.push(index);
  }
  places.push(text.length);
  return { folded, places };
}
