/** The text of a tool from which a model chooses. */
export interface Words {
  name: string;
  title: string;
  description: string;
}

/** Words that occur in every description and distinguish none. */
const empty = new Set(
  'a all an and any as at be before but by call each for from how in is it its no not of on one only or that the their them then there they this to use was what when where which who whom with'.split(
    ' ',
  ),
);

const singular = (word: string) => word.replace(/ies$/, 'y').replace(/([^s])s$/, '$1');

function wordsOf({ name, title, description }: Words): string[] {
  const text = `${name.replaceAll('_', ' ')} ${title} ${description}`.toLowerCase();
  return [...new Set((text.match(/\p{L}+/gu) ?? []).filter((word) => !empty.has(word)).map(singular))];
}

/** The subject of a tool: its name without the verb, in the singular. */
export const nounOf = (name: string): string => name.split('_').slice(1).map(singular).join('_');

/**
 * Every pair of tools, the most similar first: the cosine of their words, each weighted by its rarity among all tools.
 * 0 means no common word, 1 the same words.
 */
export function nearest<T extends Words>(tools: readonly T[]): { a: T; b: T; likeness: number }[] {
  const words = tools.map(wordsOf);
  const holders = new Map<string, number>();
  for (const word of words.flat()) holders.set(word, (holders.get(word) ?? 0) + 1);
  const weight = (word: string) => Math.log((tools.length + 1) / (holders.get(word) ?? 1)) ** 2;
  const sum = (list: readonly string[]) => list.reduce((total, word) => total + weight(word), 0);
  return tools
    .flatMap((a, i) =>
      tools.slice(i + 1).map((b, offset) => {
        const [first = [], second = []] = [words[i], words[i + 1 + offset]];
        const shared = sum(first.filter((word) => second.includes(word)));
        return { a, b, likeness: shared / Math.sqrt(sum(first) * sum(second)) };
      }),
    )
    .sort((one, other) => other.likeness - one.likeness);
}
