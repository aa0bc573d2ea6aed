import Database from 'better-sqlite3';

export type StoredRow = Record<string, unknown>;

interface Table {
  name: string;
  /** Columns that identify a row; `rowid` where there are row numbers. */
  keys: string[];
}

/** Every table of a sound database with its identifying columns. */
export function tablesOf(db: Database.Database): Table[] {
  const names = db
    .prepare<[], { name: string; wr: number }>(
      "SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'",
    )
    .all();
  return names.map(({ name, wr }) => {
    const keys = db.prepare<[string], string>('SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk').pluck();
    return { name, keys: wr === 1 ? keys.all(name) : ['rowid'] };
  });
}

/** Runs queries one by one, and keeps the answers of those without an error. */
function answers<T>(questions: Iterable<T>, ask: (question: T) => StoredRow[]): StoredRow[] {
  const found: StoredRow[] = [];
  for (const question of questions) {
    try {
      found.push(...ask(question));
    } catch (error) {
      if (!(error instanceof Database.SqliteError)) throw error;
    }
  }
  return found;
}

/**
 * What SQLite returns from a damaged file for single reads of each row of the sound one: by its number or key, and for
 * messages also through the index. Undefined for a file that SQLite cannot open.
 */
export function singleReads(path: string, sound: Database.Database): Map<string, StoredRow[]> | undefined {
  const db = new Database(path);
  try {
    db.pragma('writable_schema = ON'); // otherwise SQLite refuses a file without its end
    const found = new Map<string, StoredRow[]>();
    for (const table of tablesOf(sound)) found.set(table.name, rowsOf(db, sound, table));
    return found;
  } catch (error) {
    if (error instanceof Database.SqliteError) return undefined;
    throw error;
  } finally {
    db.close();
  }
}

function rowsOf(db: Database.Database, sound: Database.Database, { name, keys }: Table): StoredRow[] {
  const wanted = sound
    .prepare<[], unknown[]>(`SELECT ${keys.join(', ')} FROM ${name}`)
    .raw()
    .all();
  const condition = (columns: string[]) => columns.map((column) => `${column} = ?`).join(' AND ');
  const prepared = prepareOrNothing(db, `SELECT * FROM ${name} WHERE ${condition(keys)}`);
  const found = prepared === undefined ? [] : answers(wanted, (key) => prepared.all(...key) as StoredRow[]);
  if (name !== 'messages') return found;
  const byIndex = prepareOrNothing(db, 'SELECT * FROM messages WHERE chat_id = ? AND id = ?');
  const ids = sound.prepare<[], unknown[]>('SELECT chat_id, id FROM messages').raw().all();
  const more = byIndex === undefined ? [] : answers(ids, (key) => byIndex.all(...key) as StoredRow[]);
  const known = new Set(found.map((row) => row['seq']));
  return [...found, ...more.filter((row) => !known.has(row['seq']))];
}

function prepareOrNothing(db: Database.Database, sql: string): Database.Statement | undefined {
  try {
    return db.prepare(sql);
  } catch (error) {
    if (error instanceof Database.SqliteError) return undefined;
    throw error;
  }
}
