import type { PageFile } from '../pages/page-file.ts';
import { type SchemaRow, schemaRows } from '../pages/schema-rows.ts';
import { TreeWalker } from '../pages/tree.ts';
import { knownVersion } from '../sqlite/database.ts';
import { maxRowBytes } from './filler.ts';
import { compareSchema, type KnownSchema, messagesSchema } from './known-schema.ts';

export interface SourceRoots {
  version: number;
  schema: KnownSchema;
  /** Where the known objects of the file begin, by name; the rest is found by the content of its pages. */
  roots: ReadonlyMap<string, SchemaRow>;
  /** Whether the schema of the file was lost and the roots are those that the first migration always creates. */
  isGuessed: boolean;
}

/**
 * Determines the schema version of a damaged messages.db and where its tables begin: from its own schema as far as it
 * is readable, otherwise from the order in which the first migration creates them.
 */
export function findRoots(file: PageFile): SourceRoots {
  const newest = knownVersion();
  const versions = Array.from({ length: newest }, (_, n) => newest - n);
  const said = versions.filter((version) => version === file.userVersion);
  let best: SourceRoots | undefined;
  for (const version of [...said, ...versions.filter((one) => !said.includes(one))]) {
    const schema = messagesSchema(version);
    const walker = new TreeWalker(file, { strict: false, maxRecordBytes: maxRowBytes });
    const { roots } = compareSchema(schemaRows(file, walker), schema);
    if (roots.size > (best?.roots.size ?? 0)) best = { version, schema, roots, isGuessed: false };
  }
  return best ?? { version: newest, schema: messagesSchema(newest), roots: firstRoots(), isGuessed: true };
}

/** The first migration fills an empty file, so its tables and indexes begin on the same pages in every file. */
function firstRoots(): ReadonlyMap<string, SchemaRow> {
  return new Map(messagesSchema(1).objects.map((object) => [object.name, object]));
}

/** The minimum number of fields in rows of each table: columns added later may be missing. */
export function leastFields(version: number): Map<string, number> {
  const least = new Map<string, number>();
  for (let one = version; one >= 1; one--) {
    for (const { name, columns } of messagesSchema(one).tables) least.set(name, columns.length);
  }
  return least;
}
