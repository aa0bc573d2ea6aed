import type { Db } from '../sqlite/database.ts';

/** What a person is called, under one address. */
export interface ContactNameSource {
  jid: string;
  saved_name: string | null;
  push_name: string | null;
  business_name: string | null;
}

const names = ['saved_name', 'push_name', 'business_name'];

/** Records names by the address they arrived under, so that the names of two people can be separated again. */
export function openNameRecorder(db: Db): (row: ContactNameSource) => void {
  const note = db.prepare(`
    INSERT INTO main.contact_names (address, ${names.join(', ')}) VALUES (@jid, ${names.map((name) => `@${name}`).join(', ')})
    ON CONFLICT (address) DO UPDATE SET ${names.map((name) => `${name} = coalesce(excluded.${name}, ${name})`).join(', ')}`);
  return (row) => void note.run(row);
}

/** Keeps only the names of a contact's remaining address. */
export function openOwnNames(db: Db): (contactId: number) => void {
  const own = (name: string) => `${name} = (SELECT ${name} FROM main.contact_names WHERE address = contacts.jid)`;
  const restore = db.prepare(`UPDATE main.contacts SET ${names.map(own).join(', ')} WHERE id = ?`);
  return (id) => void restore.run(id);
}
