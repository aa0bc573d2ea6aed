/** The first `most` characters, without half a character at the end. */
export function cutText(text: string, most: number): string {
  const end = isHalf(text.charCodeAt(most - 1)) && most > 0 ? most - 1 : most;
  return text.slice(0, end);
}

const isHalf = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
