import type BetterSqlite3 from 'better-sqlite3';
import { nameFile } from './failure.ts';

type Callable = (...args: never[]) => unknown;

/** Wraps a function so that its errors name the file. */
function named<F extends Callable>(path: string, run: F): F {
  return ((...args: never[]) => {
    try {
      return run(...args);
    } catch (error) {
      throw nameFile(error, path);
    }
  }) as F;
}

/**
 * Makes every error of a connection name its file. SQLite's own errors do not, and the code that turns them into text
 * has no path.
 */
export function nameFailures(db: BetterSqlite3.Database, path: string): void {
  const prepare = named(path, db.prepare.bind(db) as Callable) as unknown as (sql: string) => BetterSqlite3.Statement;
  db.prepare = ((sql: string) => {
    const statement = prepare(sql);
    statement.get = named(path, statement.get.bind(statement));
    statement.all = named(path, statement.all.bind(statement));
    statement.run = named(path, statement.run.bind(statement));
    return statement;
  }) as BetterSqlite3.Database['prepare'];
  db.pragma = named(path, db.pragma.bind(db));
  db.exec = named(path, db.exec.bind(db));
  const transaction = db.transaction.bind(db);
  db.transaction = ((work: Callable) => {
    const inside = transaction(work as never) as unknown as Record<string, Callable> & Callable;
    const outside = named(path, inside) as unknown as Record<string, Callable>;
    for (const kind of ['default', 'deferred', 'immediate', 'exclusive']) {
      outside[kind] = named(path, inside[kind] as Callable);
    }
    return outside;
  }) as unknown as BetterSqlite3.Database['transaction'];
}
