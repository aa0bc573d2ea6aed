import { diffArrays } from 'diff';
import { isPlainObject, type PlainObject } from '../../domain/plain-object.ts';
import { settings } from '../../settings.ts';

/** Our fields, whose values are safe to show. */
const shownFields = ['type', 'command', 'args'];
const hidden = '…';

/**
 * The removed (`-`) and added (`+`) lines of our entry, one per field or variable; nothing else of the file. Values of
 * other variables, such as keys of other programs, appear as `…`.
 */
export function difference(before: PlainObject | undefined, after: PlainObject): string {
  return diffArrays(lines(before ?? {}), lines(after), { comparator: (one, other) => one.exact === other.exact })
    .filter(({ added, removed }) => added || removed)
    .flatMap(({ added, value }) => value.map(({ shown }) => `${added ? '+' : '-'} ${shown}`))
    .join('\n');
}

interface Line {
  /** Includes the value, for comparison. */
  exact: string;
  shown: string;
}

function lines(entry: PlainObject): Line[] {
  return Object.entries(entry).flatMap(([key, value]) => {
    if (!isPlainObject(value)) return [line(key, value, shownFields.includes(key))];
    return Object.entries(value).map(([inner, text]) =>
      line(`${key}.${inner}`, text, key === 'env' && Object.hasOwn(settings, inner)),
    );
  });
}

function line(name: string, value: unknown, isOurs: boolean): Line {
  const text = JSON.stringify(value);
  return { exact: `${name} ${text}`, shown: `${name}: ${isOurs ? text : hidden}` };
}
