import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IngestBatch } from '../../../bridges/bridge.ts';
import { migrate, openWriter } from '../../../src/store/sqlite/database.ts';
import { openStaging } from '../../../src/store/staging/staging.ts';
import { createIngest } from '../../../src/sync/ingest.ts';
import { transfer } from '../../../src/sync/transfer.ts';
import { owner, type RightsCase, rightsCase, together } from './cases.ts';
import { expectedRow, type RightsRow } from './oracle.ts';

/** The columns on which both writers and the table must agree. */
export const rightsQuery = `
SELECT m.id, m.type, m.content, m.filename, m.title, m.details, hex(m.raw) AS raw, m.edited_at, m.revoked_at,
  CASE WHEN m.type = 'revoked' THEN (SELECT o.content FROM originals AS o WHERE o.message_seq = m.seq) END AS kept,
  CASE WHEN EXISTS (SELECT 1 FROM originals AS o WHERE o.message_seq = m.seq AND o.type = 'revoked')
    THEN (SELECT count(*) FROM changes AS x WHERE x.chat_id = m.chat_id AND x.message_id = m.id AND x.kind = 'edit'
      AND x.value <> '') END AS edits
FROM messages AS m ORDER BY m.id`;

/** Cases that share one messages.db, their arrivals, and the expected rows. */
export interface RightsPart {
  name: string;
  batches: IngestBatch[];
  rows: RightsRow[];
}

export function rightsPart(seed: number, first: number, count: number): RightsPart & { cases: RightsCase[] } {
  const cases = Array.from({ length: count }, (_, k) => rightsCase(seed, first + k));
  const rows = cases.map(expectedRow).sort((a, b) => (a.id < b.id ? -1 : 1));
  return { name: `rights-${seed}-${first}`, batches: together(cases), rows, cases };
}

/** The rows that the Node writer stores; the program restarts after every third batch. */
export async function playInNode({ batches }: RightsPart): Promise<RightsRow[]> {
  const folder = mkdtempSync(join(tmpdir(), 'rights-'));
  const paths = { messages: join(folder, 'messages.db'), staging: join(folder, 'staging.db') };
  let open = openBoth(paths);
  try {
    for (const [n, batch] of batches.entries()) {
      open.sink.ingest(batch);
      await transfer(open.db, paths.staging, batch.lane);
      if (n % 3 < 2) continue;
      open.close();
      open = openBoth(paths);
    }
    for (const lane of ['live', 'history'] as const) await transfer(open.db, paths.staging, lane);
    return (open.db.prepare(rightsQuery).all() as RightsRow[]).map((row) => ({ ...row, raw: row.raw || null }));
  } finally {
    open.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function openBoth(paths: { messages: string; staging: string }) {
  const db = openWriter(paths.messages);
  migrate(db);
  const staging = openStaging(paths.staging);
  for (const one of [db, staging.db]) one.pragma('synchronous = OFF'); // no test here includes a power failure
  const sink = createIngest(staging, { quietMs: 1000, now: () => 1_760_000_000_000 });
  sink.onLinked(owner);
  const close = () => {
    db.close();
    staging.close();
  };
  return { db, sink, close };
}

/** Parts as lines that the Go program's test replays, with the query in the first one. */
export function rightsLines(parts: readonly RightsPart[]): string[] {
  const plain = (batch: IngestBatch) => ({
    ...batch,
    ...(batch.messages && {
      messages: batch.messages.map((row) => ({ ...row, raw: row.raw && Buffer.from(row.raw).toString('base64') })),
    }),
  });
  const lines = parts.map(({ name, batches, rows }) =>
    JSON.stringify({ name, account: owner, batches: batches.map(plain), rows }),
  );
  return [JSON.stringify({ query: rightsQuery }), ...lines];
}
