import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';

type Row = Record<string, unknown>;

interface Note {
  /** The LID that a chat had before it was shown under a PN. */
  first?: string;
  /** For a merged chat: its target, and what the merge changed there. */
  kept?: number;
  before?: Row;
  after?: Row;
}

/** Records what is needed to undo a merge of chats. */
export interface MergeLog {
  /** Runs `fill`, which copies the data of `gone` into `kept`, and records the changes. */
  recordMerge(gone: number, kept: number, fill: () => void): void;
  recordFirst(id: number, address: string): void;
  first(id: number): string | undefined;
  /** Restores what `kept` had before `gone` was merged into it, except values that were updated since. */
  undoMerge(gone: number | undefined, kept: number): void;
}

export function openMergeLog(db: Db): MergeLog {
  const read = db.prepare<[object], Row>(rule('chat_before_merge'));
  const select = db.prepare<[object], string | null>(rule('merge_note')).pluck();
  const update = db.prepare(rule('set_merge_note'));
  const restore = db.prepare(rule('undo_merge'));
  const chatOf = (id: number) => read.get({ id }) as Row;
  const noteOf = (id: number) => JSON.parse(select.get({ id }) ?? '{}') as Note;
  const write = (id: number, note: Note) => void update.run({ note: JSON.stringify(note), id });
  return {
    recordMerge(gone, kept, fill) {
      const before = chatOf(kept);
      fill();
      write(gone, { ...noteOf(gone), kept, before, after: chatOf(kept) });
    },
    recordFirst: (id, first) => write(id, { ...noteOf(id), first }),
    first: (id) => noteOf(id).first,
    undoMerge(gone, kept) {
      const { first: _first, ...rest } = noteOf(kept);
      write(kept, rest);
      if (gone === undefined) return;
      const note = noteOf(gone);
      const { before, after } = note;
      update.run({ note: null, id: gone });
      if (note.kept !== kept || !before || !after) return;
      const now = chatOf(kept);
      const others = chatOf(gone);
      // The other chat's current name may have reached this row through the shared address.
      const isLent = (name: string) => now[name] === after[name] || now[name] === others[name];
      const entries = Object.keys(now).map((name) => [name, isLent(name) ? before[name] : now[name]]);
      restore.run({ ...Object.fromEntries(entries), id: kept });
    },
  };
}
