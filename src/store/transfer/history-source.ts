import type { BridgeId } from '../../domain/states.ts';
import type { Db } from '../sqlite/database.ts';
import { laneState, type Staging } from '../staging/staging.ts';

/**
 * `meta.history_source` in messages.db: the bridge that supplies the history. Only one does, so that a copy can count
 * what is new. wa-bridge holds its own history back while the value is `baileys`.
 */
const key = 'history_source';

function read(db: Db): string | undefined {
  return db.prepare<[string], string>('SELECT value FROM main.meta WHERE key = ?').pluck().get(key);
}

/** Writes only a changed value, because other programs watch it. */
function tell(db: Db, source: BridgeId): void {
  if (read(db) === source) return;
  db.prepare(
    'INSERT INTO main.meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  ).run(key, source);
}

/** Whether staged history waits to be copied, or announced history is on its way into staging.db. */
function historyWaits(staging: Staging): boolean {
  if (laneState(staging, 'history').waiting > 0) return true;
  const open = "SELECT 1 FROM chunks WHERE stored_at IS NULL AND error IS NULL AND sync_type <> 'on_demand' LIMIT 1";
  return staging.db.prepare(open).get() !== undefined;
}

const isUnlinked = (staging: Staging): boolean => staging.readMeta('unlinked') === 'true';

/** Records in staging.db whether the device is linked, for the next copy. */
export function noteLinked(staging: Staging, linked: boolean): void {
  staging.writeMeta('unlinked', String(!linked));
}

/** Call at the start of every copy: Baileys supplies the history while its device is linked and more is to come. */
export function claimHistory(db: Db, staging: Staging, isArriving: () => boolean): void {
  if (staging.readMeta('account_jid') === undefined) return;
  const source = read(db);
  if (isUnlinked(staging)) tell(db, 'whatsmeow');
  else if (source === 'baileys') return;
  else if (source === undefined || historyWaits(staging) || isArriving()) tell(db, 'baileys');
}

/** Call when the history is copied: it is complete, so wa-bridge's history can only add to it. */
export function releaseHistory(db: Db, staging: Staging, isArriving: () => boolean): void {
  if (!historyWaits(staging) && !isArriving()) tell(db, 'whatsmeow');
}
