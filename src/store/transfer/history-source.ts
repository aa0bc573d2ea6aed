import type { BridgeId } from '../../domain/states.ts';
import type { Db } from '../sqlite/database.ts';
import { laneState, type Staging } from '../staging/staging.ts';

/**
 * `meta.history_source` in messages.db: the bridge that brings the history. One alone does, so that a copy counts what is
 * new in it. wa-bridge keeps its own history back while the word is `baileys`.
 */
const key = 'history_source';

function read(db: Db): string | undefined {
  return db.prepare<[string], string>('SELECT value FROM main.meta WHERE key = ?').pluck().get(key);
}

/** Written only when it is news: other programs look at it. */
function tell(db: Db, source: BridgeId): void {
  if (read(db) === source) return;
  db.prepare(
    'INSERT INTO main.meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  ).run(key, source);
}

/** Whether staged history waits to be copied, or was announced and is on its way into staging.db. */
function historyWaits(staging: Staging): boolean {
  if (laneState(staging, 'history').waiting > 0) return true;
  const open = "SELECT 1 FROM chunks WHERE stored_at IS NULL AND error IS NULL AND sync_type <> 'on_demand' LIMIT 1";
  return staging.db.prepare(open).get() !== undefined;
}

const isUnlinked = (staging: Staging): boolean => staging.readMeta('unlinked') === 'true';

/** Notes in staging.db whether the device is linked, for the next copy. */
export function noteLinked(staging: Staging, linked: boolean): void {
  staging.writeMeta('unlinked', String(!linked));
}

/** At the start of every copy: Baileys brings the history while its device is linked and more of it is to come. */
export function claimHistory(db: Db, staging: Staging, isArriving: () => boolean): void {
  if (staging.readMeta('account_jid') === undefined) return;
  const source = read(db);
  if (isUnlinked(staging)) tell(db, 'whatsmeow');
  else if (source === 'baileys') return;
  else if (source === undefined || historyWaits(staging) || isArriving()) tell(db, 'baileys');
}

/** When the history was copied: all of it is there, so what wa-bridge has can only add to it. */
export function releaseHistory(db: Db, staging: Staging, isArriving: () => boolean): void {
  if (!historyWaits(staging) && !isArriving()) tell(db, 'whatsmeow');
}
