import { diffArrays } from 'diff';

/**
 * The lines that go (`-`) and come (`+`). Lines around them are left out: they may hold the keys of other servers. A
 * line that only gets a comma at its end counts as unchanged for the same reason.
 */
export function difference(before: string, after: string): string {
  const comparator = (one: string, other: string) => bare(one) === bare(other);
  return diffArrays(lines(before), lines(after), { comparator })
    .filter(({ added, removed }) => added || removed)
    .flatMap(({ added, value }) => value.map((line) => `${added ? '+' : '-'} ${line}`))
    .join('\n');
}

const lines = (text: string): string[] => text.split(/\r?\n/).filter((line) => line.trim() !== '');
const bare = (line: string): string => line.replace(/,\s*$/, '');
