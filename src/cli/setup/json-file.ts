import {
  applyEdits,
  type FormattingOptions,
  findNodeAtLocation,
  modify,
  type Node,
  type ParseError,
  parse,
  parseTree,
  printParseErrorCode,
} from 'jsonc-parser';
import type { PlainObject } from '../../domain/plain-object.ts';
import { assertOnlyChange, currentEntry, type Entry, type EntryPath, mergedEntry, unreadable } from './change.ts';

const byteOrderMark = '\ufeff';

/**
 * The text of a JSON file, with or without comments, after adding the entry; the rest stays byte for byte. Throws
 * UserError when the file is not valid JSON or has no place for the entry.
 */
export function withJsonEntry(file: string, place: EntryPath, entry: Entry & PlainObject): string {
  const mark = file.startsWith(byteOrderMark) ? byteOrderMark : '';
  const text = file.slice(mark.length);
  const before = read(text);
  const wanted = mergedEntry(currentEntry(before, place), entry);
  const changes = Object.entries(wanted).filter(([key]) => key !== 'env') as [string, unknown][];
  const variables = Object.entries((wanted['env'] ?? {}) as PlainObject);
  let changed = text.trim() === '' ? '{}' : text;
  const set = (path: readonly string[], value: unknown): void => {
    if (JSON.stringify(at(read(changed), path)) === JSON.stringify(value)) return;
    try {
      changed = applyEdits(changed, modify(changed, [...path], value, { formattingOptions: styleOf(text) }));
    } catch (error) {
      throw unreadable(`there is no place for ${path.join('.')}`, error);
    }
  };
  if (currentEntry(before, place) === undefined) changed = insertEntry(changed, place, wanted);
  const gone = Object.keys(currentEntry(before, place) ?? {}).filter((key) => !Object.hasOwn(wanted, key));
  for (const key of gone) set([...place, key], undefined);
  for (const [key, value] of changes) set([...place, key], value);
  for (const [key, value] of variables) set([...place, 'env', key], value);
  assertOnlyChange(before, read(changed), place, wanted);
  return mark + (text.trim() === '' ? `${changed}\n` : changed);
}

/** The contents of such a file. Throws UserError when the file is not valid JSON. */
export const readJson = (file: string): unknown => read(file.replace(byteOrderMark, ''));

/** Adds the entry after the last one of its table, or the table at the end. */
function insertEntry(text: string, [table, name]: EntryPath, entry: PlainObject): string {
  const root = parseTree(text, [], { allowTrailingComma: true });
  const servers = root && findNodeAtLocation(root, [table]);
  if (servers?.type === 'null')
    return applyEdits(text, modify(text, [table], { [name]: entry }, { formattingOptions: styleOf(text) }));
  const [parent, key, value] = servers ? [servers, name, entry] : [root, table, { [name]: entry }];
  const last = parent?.children?.at(-1);
  if (last) return insertAfter(text, last, key, value);
  const path = servers ? [table, name] : [table];
  return applyEdits(text, modify(text, path, value, { formattingOptions: styleOf(text) }));
}

/** Adds a property after another without changing existing lines, including a comment at the end of a line. */
function insertAfter(text: string, last: Node, key: string, value: PlainObject): string {
  const end = last.offset + last.length;
  const lead = text.slice(text.lastIndexOf('\n', last.offset) + 1, last.offset);
  const [rest = '', comma] =
    /^(,?)[ \t]*(?:\/\/.*|\/\*.*\*\/[ \t]*)?(?=\r?$)/m.exec(text.slice(end).split('\n', 1)[0] ?? '') ?? [];
  if (lead.trim() !== '' || comma === undefined) {
    return `${text.slice(0, end)}, ${JSON.stringify(key)}: ${JSON.stringify(value)}${text.slice(end)}`;
  }
  const { eol = '\n', insertSpaces, tabSize } = styleOf(text);
  const drawn = JSON.stringify(value, null, insertSpaces ? tabSize : '\t').replaceAll('\n', eol + lead);
  const property = `${eol}${lead}${JSON.stringify(key)}: ${drawn}${comma}`;
  return text.slice(0, end) + (comma ? '' : ',') + rest + property + text.slice(end + rest.length);
}

function read(text: string): unknown {
  if (text.trim() === '') return {};
  const errors: ParseError[] = [];
  const value: unknown = parse(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error) throw unreadable(`it is no JSON (${printParseErrorCode(error.error)} ${lineAt(text, error.offset)})`);
  return value;
}

function lineAt(text: string, offset: number): string {
  const before = text.slice(0, offset).split('\n');
  return `in line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
}

const at = (root: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, key) => (value as PlainObject | undefined)?.[key], root);

/** Uses the file's own indentation and line ends. */
function styleOf(text: string): FormattingOptions {
  const indent = /^([ \t]+)\S/m.exec(text)?.[1] ?? '  ';
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  return { insertSpaces: !indent.startsWith('\t'), tabSize: indent.startsWith('\t') ? 1 : indent.length, eol };
}
