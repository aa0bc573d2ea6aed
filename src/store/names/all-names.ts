import { bareName, chosenName, type KnownName, type NameKind, shownName } from '../../domain/names.ts';
import { phoneOf } from '../../domain/phone.ts';
import type { Db } from '../sqlite/database.ts';
import type { ChatDirectory } from './chat-directory.ts';
import { type ContactDirectory, selfName } from './contact-directory.ts';

/** A chat or a person under the address to show, with all its names. A person with a chat appears twice. */
export interface NamedAddress {
  jid: string;
  names: KnownName[];
}

interface ContactNamesRow {
  jid: string;
  saved_name: string | null;
  push_name: string | null;
  business_name: string | null;
}

/** Every chat and every person, including those without a name. A person has all names, not only the one to show. */
export function* allNamed(db: Db, directory: ChatDirectory, contacts: ContactDirectory): Generator<NamedAddress> {
  for (const id of db.prepare<[], number>('SELECT id FROM chats WHERE merged_into IS NULL').pluck().all()) {
    const { jid, pn, given, name } = directory.get(id);
    const number = name === phoneOf(pn) ? known('saved', name) : [];
    yield { jid, names: given ? [given] : number };
  }
  const people = db
    .prepare<[], ContactNamesRow>(
      'SELECT jid, saved_name, push_name, business_name FROM contacts WHERE merged_into IS NULL',
    )
    .all();
  for (const { jid, saved_name, push_name, business_name } of people) {
    const person = contacts.find(jid);
    const names = [
      ...(person.name === selfName ? known('saved', selfName) : []),
      ...known('saved', saved_name),
      ...known('chosen', bareName(chosenName(push_name))),
      ...known('chosen', bareName(chosenName(business_name))),
    ];
    // The phone number stands in for a missing name.
    const shown = names.length > 0 ? names : known('saved', phoneOf(person.pn));
    yield { jid: directory.find(person.jid)?.jid ?? person.jid, names: shown };
  }
}

function known(kind: NameKind, name: string | null): KnownName[] {
  const text = shownName(name);
  return text === '' ? [] : [{ text, kind }];
}
