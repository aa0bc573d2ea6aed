import type { PageFile } from '../pages/page-file.ts';
import { type SchemaRow, schemaRows } from '../pages/schema-rows.ts';
import { TreeWalker } from '../pages/tree.ts';
import { knownVersion } from '../sqlite/database.ts';
import { longestRow } from './filler.ts';
import { compareSchema, type KnownSchema, messagesSchema } from './known-schema.ts';

export interface SourceRoots {
  version: number;
  schema: KnownSchema;
  /** Where what is known of the file begins, by name; the rest is found by what its pages look like. */
  roots: ReadonlyMap<string, SchemaRow>;
  /** Whether the file's own list of tables was lost, and the places are those that the first migration always uses. */
  isGuessed: boolean;
}

/**
 * Finds out which schema a damaged messages.db has and where its tables begin: from its own list as far as that can be
 * read, else from the order in which the first migration makes them.
 */
export function findRoots(file: PageFile): SourceRoots {
  const newest = knownVersion();
  const versions = Array.from({ length: newest }, (_, n) => newest - n);
  const said = versions.filter((version) => version === file.userVersion);
  let best: SourceRoots | undefined;
  for (const version of [...said, ...versions.filter((one) => !said.includes(one))]) {
    const schema = messagesSchema(version);
    const walker = new TreeWalker(file, { strict: false, longest: longestRow });
    const { roots } = compareSchema(schemaRows(file, walker), schema);
    if (roots.size > (best?.roots.size ?? 0)) best = { version, schema, roots, isGuessed: false };
  }
  return best ?? { version: newest, schema: messagesSchema(newest), roots: firstRoots(), isGuessed: true };
}

/** The first migration fills an empty file, so that its tables and indexes begin on the same pages everywhere. */
function firstRoots(): ReadonlyMap<string, SchemaRow> {
  return new Map(messagesSchema(1).objects.map((object) => [object.name, object]));
}

/** How many fields the rows of each table have at least: columns that were added later may be missing. */
export function leastFields(version: number): Map<string, number> {
  const least = new Map<string, number>();
  for (let one = version; one >= 1; one--) {
    for (const { name, columns } of messagesSchema(one).tables) least.set(name, columns.length);
  }
  return least;
}
