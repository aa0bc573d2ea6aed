import { diffArrays } from 'diff';
import { settings } from '../../settings.ts';
import { type Fields, isTable } from './change.ts';

/** Fields that we write, and whose value may be shown, whoever wrote it before. */
const shownFields = ['type', 'command', 'args'];
const hidden = '…';

/**
 * What goes (`-`) and comes (`+`) in our own entry, one line for each field or variable; nothing else of the file. Values
 * that are none of ours, keys of other programs for one, are shown as `…`.
 */
export function difference(before: Fields | undefined, after: Fields): string {
  return diffArrays(lines(before ?? {}), lines(after), { comparator: (one, other) => one.exact === other.exact })
    .filter(({ added, removed }) => added || removed)
    .flatMap(({ added, value }) => value.map(({ shown }) => `${added ? '+' : '-'} ${shown}`))
    .join('\n');
}

interface Line {
  /** With the value, to compare. */
  exact: string;
  shown: string;
}

function lines(entry: Fields): Line[] {
  return Object.entries(entry).flatMap(([key, value]) => {
    if (!isTable(value)) return [line(key, value, shownFields.includes(key))];
    return Object.entries(value).map(([inner, text]) =>
      line(`${key}.${inner}`, text, key === 'env' && Object.hasOwn(settings, inner)),
    );
  });
}

function line(name: string, value: unknown, isOurs: boolean): Line {
  const text = JSON.stringify(value);
  return { exact: `${name} ${text}`, shown: `${name}: ${isOurs ? text : hidden}` };
}
