import { setImmediate as pause } from 'node:timers/promises';
import { hasHotJournal, PageFile, UnreadableFile } from '../pages/page-file.ts';
import { schemaRows } from '../pages/schema-rows.ts';
import { TreeWalker } from '../pages/tree.ts';
import { type Db, knownVersion, migrate } from '../sqlite/database.ts';
import { Filler, maxRowBytes, type TableReport } from './filler.ts';
import {
  compareSchema,
  credentialsSchema,
  type KnownSchema,
  messagesSchema,
  type SchemaDifference,
} from './known-schema.ts';
import { makeFile } from './new-file.ts';
import { copySequence } from './sequence.ts';
import { type Orphans, removeOrphans } from './settle.ts';

export interface RestoreReport {
  tables: TableReport[];
  orphans: Orphans;
  /** Foreign objects in the source, the first by name; they are not copied. */
  ignored: string[];
  ignoredCount: number;
}

/** After this many rows the event loop gets a turn. */
export const rowsAtOnce = 2000;

/**
 * Copies the rows of a backup of messages.db into a new file with a fresh schema. Reads the backup as bytes: none of
 * its SQL runs. Throws UnreadableFile when it is damaged or not ours, and an error with code EEXIST when there is a
 * file at `to`; leaves no file behind then.
 */
export async function restoreMessages(from: string, to: string): Promise<RestoreReport> {
  return withSource(from, async (file) => {
    const known = knownVersion();
    if (file.userVersion < 1 || file.userVersion > known) {
      throw new UnreadableFile(`it is no backup that this version knows (schema ${file.userVersion})`);
    }
    return copyInto(to, file, messagesSchema(file.userVersion), (db) => migrate(db));
  });
}

/** The same for auth.db. */
export async function restoreCredentials(from: string, to: string): Promise<RestoreReport> {
  return withSource(from, (file) => copyInto(to, file, credentialsSchema(), () => undefined));
}

async function withSource<T>(from: string, work: (file: PageFile) => Promise<T>): Promise<T> {
  if (hasHotJournal(from)) {
    throw new UnreadableFile('the -journal beside it says that a change of it was not finished');
  }
  const file = new PageFile(from);
  try {
    return await work(file);
  } finally {
    file.close();
  }
}

async function copyInto(
  to: string,
  file: PageFile,
  schema: KnownSchema,
  finish: (db: Db) => void,
): Promise<RestoreReport> {
  const walker = new TreeWalker(file, { strict: true, maxRecordBytes: maxRowBytes });
  const difference = compareSchema(schemaRows(file, walker), schema);
  refuseOthers(difference, schema);
  return makeFile(to, async (db) => {
    db.pragma('foreign_keys = OFF');
    db.exec('BEGIN');
    schema.create(db);
    const tables: TableReport[] = [];
    for (const shape of schema.tables) {
      const root = difference.roots.get(shape.name)?.root ?? 0;
      const filler = new Filler(db, shape, file, { replaces: shape.name === 'meta', takesCut: false });
      let count = 0;
      for (const cell of walker.cells(root, shape.hasRowid ? 'table' : 'index')) {
        filler.add(cell);
        if (++count % rowsAtOnce === 0) await pause();
      }
      tables.push(filler.report);
    }
    const orphans = removeOrphans(db);
    copySequence(db, file, walker, difference.roots.get('sqlite_sequence')?.root);
    if (file.hasChanged()) throw new UnreadableFile('it was written while it was read');
    db.exec('COMMIT');
    finish(db);
    assertSound(db);
    return { tables, orphans, ignored: difference.extra, ignoredCount: difference.extraCount };
  });
}

/** Refuses tables in another form: they may have columns that SQLite computes, or be a view that never ends. */
function refuseOthers({ missing, changed }: SchemaDifference, { tables }: KnownSchema): void {
  const ours = new Set(tables.map(({ name }) => `table ${name}`));
  const [absent] = missing.filter((name) => ours.has(name));
  const [other] = changed.filter((name) => ours.has(name));
  if (absent !== undefined) throw new UnreadableFile(`it has no ${absent} as this program makes it`);
  if (other !== undefined) throw new UnreadableFile(`its ${other} is not as this program makes it`);
}

/** Throws when the new file is not sound, which means a defect of this program or the disk. */
export function assertSound(db: Db): void {
  const found = db.pragma('integrity_check(1)', { simple: true });
  if (found !== 'ok') throw new UnreadableFile('the new file did not pass the check of the database');
  const [orphan] = db.pragma('foreign_key_check') as unknown[];
  if (orphan !== undefined) throw new UnreadableFile('rows of the new file name what is not there');
}
