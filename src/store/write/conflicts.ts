import { openOriginals } from '../rights/originals.ts';
import type { Db } from '../sqlite/database.ts';
import { changeApplier } from './apply-changes.ts';
import { fillFrom, sameAuthor } from './fill.ts';

const nothing = ['quoted_id', 'expires_at', 'status', 'filename', 'title', 'details'].map((name) => `NULL AS ${name}`);
const source = `(SELECT chat_id, id, timestamp, sender, content, raw, 0 AS from_me, 'unsupported' AS type, ${nothing.join(', ')}
  FROM main.conflicts)`;
const same = 'm.chat_id = s.chat_id AND m.id = s.id';

/**
 * Resolves conflicts whose author turned out to be the stored row's author under another address. Call inside the
 * transaction that stored the pair.
 */
export function openConflictSettler(db: Db): () => void {
  const any = db.prepare('SELECT 1 FROM main.conflicts LIMIT 1');
  const fill = db.prepare(fillFrom(source, same));
  const settled = db.prepare<[], { seq: number; conflict: number; chat_id: number; id: string }>(`
    SELECT m.seq, s.seq AS conflict, m.chat_id, m.id FROM (SELECT *, 0 AS from_me FROM main.conflicts) AS s
    JOIN main.messages AS m ON ${same} WHERE ${sameAuthor}`);
  const remove = db.prepare('DELETE FROM main.conflicts WHERE seq = ?');
  const originals = openOriginals(db);
  const apply = changeApplier(db);
  return () => {
    if (any.get() === undefined) return;
    const rows = settled.all();
    for (const { seq } of rows) originals.restore(seq);
    fill.run();
    for (const { conflict, chat_id, id } of rows) {
      remove.run(conflict);
      apply(chat_id, id);
    }
  };
}
