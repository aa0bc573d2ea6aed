import { isPlainObject } from '../../domain/plain-object.ts';
import type { Line } from '../layout.ts';

const plain: Line = { columns: [] };
const indent = '  ';

/** The entry as lines that nothing in it can break or forge: every value is one word or one JSON text. */
export function entryLines(entry: unknown, line: Line = plain): string[] {
  if (!isPlainObject(entry)) return [word(entry)];
  const { columns, below = {} } = line;
  const head = columns.map((name) => (name in entry ? word(entry[name]) : '-'));
  const rest = Object.entries(entry).filter(([name]) => !columns.includes(name));
  const named = rest.filter(([name]) => !(name in below)).map(([name, value]) => `${key(name)}=${word(value)}`);
  const inner = rest.flatMap(([name, value]) => (below[name] ? innerLines(name, value, below[name]) : []));
  return [[...head, ...named].join(' '), ...inner.map((one) => `${indent}${one}`)];
}

function innerLines(name: string, value: unknown, line: Line): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((entry) => {
    const [first, ...further] = entryLines(entry, line);
    return [`${name}: ${first}`, ...further];
  });
}

/** A field of a result as text: a value on one line, an entry on one, or a list with a line for each of its entries. */
export function fieldLines(name: string, value: unknown, line: Line = plain): string[] {
  if (Array.isArray(value) && value.some(isPlainObject)) {
    return [listHead(name, line), ...value.flatMap((entry) => entryLines(entry, line))];
  }
  if (isPlainObject(value)) {
    const [first, ...further] = entryLines(value, { ...line, columns: [] });
    return [`${key(name)}: ${first}`, ...further];
  }
  return [`${key(name)}: ${word(value)}`];
}

/** The line above the entries of a list: what its columns are, and those of the entries inside. */
export const listHead = (name: string, line: Line = plain): string => `${name}${legend(line)}:`;

function legend({ columns, below = {} }: Line): string {
  const inner = Object.entries(below).map(([name, line]) => `${name}: ${line.columns.join(' ')}`);
  const all = [...(columns.length > 0 ? [columns.join(' ')] : []), ...inner];
  return all.length > 0 ? ` (${all.join('; ')})` : '';
}

const bare =
  /^[\p{L}~+@][\p{L}\p{M}\p{N}~+@.:/_-]*$|^\d[\d-]*T[\d:.]+(?:Z|[+-]\d\d:\d\d)$|^\d+(?:-\d+)?@[\w.]+$|^\d\w*[A-Za-z]\w*$/u;
const reserved = /^(?:true|false|null|Infinity|NaN)$|^\d+e\d+$|^\+\d+$/i;
/** Line breaks and controls that JSON leaves as they are. */
const unseen = /[\u007f-\u009f\u2028\u2029]/g;

/** A value as one word where that cannot be mistaken, else as JSON on one line. */
function word(value: unknown): string {
  if (typeof value === 'string' && bare.test(value) && !reserved.test(value)) return value;
  return JSON.stringify(value).replace(unseen, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Names of fields are ours, but the keys of a map may be anything. */
const key = (name: string): string => (/^\w+$/.test(name) ? name : word(name));
