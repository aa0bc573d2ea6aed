import { openOriginals } from '../rights/originals.ts';
import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';
import { changeApplier } from './apply-changes.ts';

/**
 * Resolves conflicts whose author turned out to be the stored row's author under another address. Call inside the
 * transaction that stored the pair.
 */
export function openConflictSettler(db: Db): () => void {
  const any = db.prepare(rule('any_conflict'));
  const fill = db.prepare(rule('fill_from_conflicts'));
  const settled = db.prepare<[], { seq: number; conflict: number; chat_id: number; id: string }>(
    rule('settled_conflicts'),
  );
  const remove = db.prepare(rule('delete_conflict'));
  const originals = openOriginals(db);
  const apply = changeApplier(db);
  return () => {
    if (any.get() === undefined) return;
    const rows = settled.all();
    for (const { seq } of rows) originals.restore(seq);
    fill.run();
    for (const { conflict, chat_id, id } of rows) {
      remove.run({ seq: conflict });
      apply(chat_id, id);
    }
  };
}
