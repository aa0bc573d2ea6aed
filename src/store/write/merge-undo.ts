import type { Db } from '../sqlite/database.ts';

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

/** The columns that a merge can change in the remaining chat. */
const columns = [
  ...['name', 'archived', 'pinned_at', 'muted_until', 'ephemeral_seconds'],
  ...['unread_reported', 'unread_reported_at', 'read_upto', 'last_message_at'],
];

export function openMergeLog(db: Db): MergeLog {
  const read = db.prepare(`SELECT ${columns.join(', ')} FROM main.chats WHERE id = ?`);
  const select = db.prepare('SELECT merge_note FROM main.chats WHERE id = ?').pluck();
  const update = db.prepare('UPDATE main.chats SET merge_note = ? WHERE id = ?');
  const restore = db.prepare(
    `UPDATE main.chats SET ${columns.map((name) => `${name} = @${name}`).join(', ')} WHERE id = @id`,
  );
  const noteOf = (id: number) => JSON.parse((select.get(id) as string | null) ?? '{}') as Note;
  const write = (id: number, note: Note) => void update.run(JSON.stringify(note), id);
  return {
    recordMerge(gone, kept, fill) {
      const before = read.get(kept) as Row;
      fill();
      write(gone, { ...noteOf(gone), kept, before, after: read.get(kept) as Row });
    },
    recordFirst: (id, first) => write(id, { ...noteOf(id), first }),
    first: (id) => noteOf(id).first,
    undoMerge(gone, kept) {
      const { first: _first, ...rest } = noteOf(kept);
      write(kept, rest);
      if (gone === undefined) return;
      const note = noteOf(gone);
      const { before, after } = note;
      update.run(null, gone);
      if (note.kept !== kept || !before || !after) return;
      const now = read.get(kept) as Row;
      const others = read.get(gone) as Row;
      // The other chat's current name may have reached this row through the shared address.
      const isLent = (name: string) => now[name] === after[name] || now[name] === others[name];
      const entries = columns.map((name) => [name, isLent(name) ? before[name] : now[name]]);
      restore.run({ ...Object.fromEntries(entries), id: kept });
    },
  };
}
