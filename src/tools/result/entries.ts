import type { PlainObject } from '../../domain/plain-object.ts';
import type { Line } from '../layout.ts';
import { compactPart } from './compact.ts';
import { entryLines } from './line.ts';

/** Each part of a result stays below 20,000 characters with what stands around the entries of its page. */
export const pageCharacters = 18_500;

/** Entries of a list as clients get them: compacted for structured content, and as lines of text. */
export interface Entries {
  shown: unknown[];
  lines: string[];
  /** The names of all fields in them. */
  names: Set<string>;
}

/**
 * The first entries of a list that fit into so many characters in the longer one of their two forms, and at least so
 * many. Each is compacted and rendered here and nowhere else.
 */
export function fitEntries(
  items: readonly unknown[],
  line?: Line,
  { characters = pageCharacters, least = 1 } = {},
): Entries {
  const entries: Entries = { shown: [], lines: [], names: new Set() };
  const used = { structured: 0, text: 0 };
  for (const item of items) {
    const shown = compactPart(item, entries.names);
    const lines = entryLines(shown, line);
    used.structured += JSON.stringify(shown).length + 1;
    for (const one of lines) used.text += one.length + 1;
    if (Math.max(used.structured, used.text) > characters && entries.shown.length >= least) break;
    entries.shown.push(shown);
    entries.lines.push(...lines);
  }
  return entries;
}

interface ListOf {
  field: string;
  line?: Line | undefined;
  cursors?: readonly string[] | undefined;
}

/** A result with as much of its list as fits; a cursor goes on exactly behind the last entry shown. */
export function fitList(result: PlainObject, { field, line, cursors }: ListOf) {
  const items = result[field] as readonly unknown[];
  const entries = fitEntries(items, line);
  const fits = entries.shown.length;
  if (fits === items.length) return { result, entries };
  const end = { truncated: true, ...(cursors && { next_cursor: cursors[fits - 1] ?? null }) };
  return { result: { ...result, [field]: items.slice(0, fits), ...end }, entries };
}
