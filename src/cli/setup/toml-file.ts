import { parse, stringify } from 'smol-toml';
import type { PlainObject } from '../../domain/plain-object.ts';
import { assertOnlyChange, currentEntry, type Entry, type EntryPath, mergedEntry, unreadable } from './change.ts';

/**
 * The text of a TOML file after adding the entry as its own section. Other sections stay byte for byte, including
 * comments; our section keeps the user's other values. Throws UserError when the file is not valid TOML, or has the
 * entry in another form than a section.
 */
export function withTomlEntry(text: string, place: EntryPath, entry: Entry & PlainObject): string {
  const before = readToml(text);
  const found = currentEntry(before, place);
  const wanted = mergedEntry(found, entry);
  if (JSON.stringify(found) === JSON.stringify(wanted)) return text;
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const section = stringify({ [place[0]]: { [place[1]]: wanted } })
    .trim()
    .split('\n')
    .join(eol);
  const changed = found === undefined ? appendSection(text, section, eol) : replaceSection(text, section, eol, place);
  assertOnlyChange(before, readToml(changed), place, wanted);
  return changed;
}

/** The contents of such a file. Throws UserError when the file is not valid TOML. */
export function readToml(text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw unreadable('it is no TOML', error);
  }
}

function appendSection(text: string, section: string, eol: string): string {
  const body = text === '' || text.endsWith('\n') ? text : text + eol;
  return `${body}${body.trim() === '' ? '' : eol}${section}${eol}`;
}

/** Replaces the section and its subsections, up to the last line that is not a comment of the next section. */
function replaceSection(text: string, section: string, eol: string, [table, name]: EntryPath): string {
  const lines = text.split(eol);
  const own = new RegExp(`^\\s*\\[\\s*${table}\\s*\\.\\s*(["']?)${name}\\1\\s*(\\..*)?\\]`);
  const start = lines.findIndex((line) => own.test(line));
  if (start === -1) throw unreadable('the entry is not written as a section');
  const next = lines.findIndex((line, index) => index > start && /^\s*\[/.test(line) && !own.test(line));
  let end = next === -1 ? lines.length : next;
  while (/^\s*(#.*)?$/.test(lines[end - 1] ?? 'none')) end--;
  return [...lines.slice(0, start), section, ...lines.slice(end)].join(eol);
}
