import type { AllowanceStore, Used } from '../domain/allowance.ts';
import { lookupsOwner } from './files/owner.ts';
import { openWriter } from './sqlite/database.ts';

const schema = `
CREATE TABLE IF NOT EXISTS allowance (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  used REAL NOT NULL,
  at REAL NOT NULL -- ms since the machine was started
) STRICT;
`;
/** Each transaction on this file writes one row. A holder that takes longer hangs, and a call must not hang with it. */
const busyTimeoutMs = 200;

/** Opens lookups.db, creating it where missing. Throws SqliteError when the file cannot be used, or `store_unavailable`. */
export function openAllowance(path: string): AllowanceStore & { close(): void } {
  const db = openWriter(path, lookupsOwner);
  try {
    db.pragma(`busy_timeout = ${busyTimeoutMs}`);
    db.exec(schema);
    const read = db.prepare<[], Used>('SELECT used, at FROM allowance');
    const write = db.prepare(
      'INSERT INTO allowance (id, used, at) VALUES (1, :used, :at) ON CONFLICT DO UPDATE SET used = :used, at = :at',
    );
    const update = db.transaction<AllowanceStore['update']>((change) => void write.run(change(read.get()))).immediate;
    return { update: (change) => update(change), close: () => void db.close() };
  } catch (error) {
    db.close();
    throw error;
  }
}
