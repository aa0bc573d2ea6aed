/** The first `most` units of a string, well-formed: neither half of a character that is cut in two stays. */
export function cutText(text: string, most: number): string {
  const isHalved = /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(Math.max(0, most - 1), most + 1));
  return text.slice(0, isHalved ? most - 1 : most).toWellFormed();
}

/** The text, or its beginning with `…` behind it where it is longer than `most`. */
export const clipText = (text: string, most: number): string => (text.length > most ? `${cutText(text, most)}…` : text);
