import type { ChatDirectory } from './chat-directory.ts';
import type { ContactDirectory } from './contacts.ts';
import type { Db } from './database.ts';

/** A chat or a person under the address to show, with the names that it goes by; somebody who is both comes twice. */
export interface Named {
  jid: string;
  names: string[];
}

interface NamesRow {
  jid: string;
  saved_name: string | null;
  push_name: string | null;
  business_name: string | null;
}

/** Every chat and every person, those without a name included; of a person all names, not only the one to show. */
export function* everybody(db: Db, directory: ChatDirectory, contacts: ContactDirectory): Generator<Named> {
  for (const id of db.prepare<[], number>('SELECT id FROM chats WHERE merged_into IS NULL').pluck().all()) {
    const { jid, name } = directory.get(id);
    yield { jid, names: name ? [name] : [] };
  }
  const people = db
    .prepare<[], NamesRow>('SELECT jid, saved_name, push_name, business_name FROM contacts WHERE merged_into IS NULL')
    .all();
  for (const { jid, saved_name, push_name, business_name } of people) {
    const person = contacts.find(jid);
    const names = [person.name, saved_name, push_name, business_name].flatMap((name) => (name ? [name] : []));
    yield { jid: directory.find(person.jid)?.jid ?? person.jid, names };
  }
}
