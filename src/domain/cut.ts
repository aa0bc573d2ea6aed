/** The first `most` units of a string, well-formed: neither half of a character that is cut in two stays. */
export function cutText(text: string, most: number): string {
  const end = isHalf(text.charCodeAt(most - 1)) && most > 0 ? most - 1 : most;
  return text.slice(0, end).toWellFormed();
}

const isHalf = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
