import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';

/** What a person is called, under one address. */
export interface ContactNameSource {
  jid: string;
  saved_name: string | null;
  push_name: string | null;
  business_name: string | null;
}

/** Records names by the address they arrived under, so that the names of two people can be separated again. */
export function openNameRecorder(db: Db): (row: ContactNameSource) => void {
  const note = db.prepare(rule('note_names'));
  return (row) => void note.run(row);
}

/** Keeps only the names of a contact's remaining address. */
export function openOwnNames(db: Db): (contactId: number) => void {
  const restore = db.prepare(rule('restore_names'));
  return (id) => void restore.run({ id });
}
