import { type ChatKind, isLid, isPn, normalizeJid } from '../../domain/jid.ts';
import { type KnownName, shownName } from '../../domain/names.ts';
import { phoneOf } from '../../domain/phone.ts';
import type { Db } from '../sqlite/database.ts';
import { VersionedCache } from '../sqlite/version-cache.ts';
import type { ContactDirectory } from './contact-directory.ts';

export interface ChatRow {
  id: number;
  jid: string;
  kind: ChatKind;
  name: string | null;
  pn: string | null;
  lid: string | null;
  parent_jid: string | null;
  unread_count: number;
  archived: number;
  pinned_at: number | null;
  muted_until: number | null;
  last_message_at: number | null;
  cleared_at: number | null;
  merged_into: number | null;
}

/** A chat after merges, with the address and name to show. */
export interface KnownChat {
  row: ChatRow;
  /**
   * The ids of all rows that were merged into this chat, including its own: messages may still refer to any of them.
   */
  ids: number[];
  jid: string;
  pn: string | null;
  lid: string | null;
  name: string | null;
  /** The chat row's own name and its source; for a person, contacts have more names. */
  given: KnownName | null;
}

/** Finds the chat of a row or an address. */
export class ChatDirectory {
  readonly #db: Db;
  readonly #contacts: ContactDirectory;
  readonly #byId: VersionedCache<number, KnownChat>;

  constructor(db: Db, contacts: ContactDirectory) {
    this.#db = db;
    this.#contacts = contacts;
    this.#byId = new VersionedCache(db);
  }

  /** The chat that a row of `chats` was merged into; throws only for an id that never existed. */
  get(id: number): KnownChat {
    return this.#byId.get(id, () => this.#read(id));
  }

  /** The chat with this address in any form, PN or LID; undefined when there is none. */
  find(address: string): KnownChat | undefined {
    const jid = normalizeJid(address);
    if (!jid) return undefined;
    const person = this.#contacts.find(jid);
    for (const known of [jid, person.pn, person.lid]) {
      const id = known ? this.#idOf(known) : undefined;
      if (id !== undefined) return this.get(id);
    }
    return undefined;
  }

  /** Rows of chats that users do not count as chats: status posts and community parents. */
  hiddenIds(): number[] {
    const ids = this.#db
      .prepare<[], number>("SELECT id FROM chats WHERE kind IN ('status', 'community')")
      .pluck()
      .all();
    return [...new Set(ids.flatMap((id) => [id, ...this.get(id).ids]))];
  }

  #idOf(jid: string): number | undefined {
    return this.#db
      .prepare<[string, string], number>(
        'SELECT chat_id FROM chat_aliases WHERE alias = ? UNION ALL SELECT id FROM chats WHERE jid = ?',
      )
      .pluck()
      .get(jid, jid);
  }

  #read(id: number): KnownChat {
    const select = this.#db.prepare<[number], ChatRow>('SELECT * FROM chats WHERE id = ?');
    let row = select.get(id) as ChatRow;
    for (let hops = 0; row.merged_into !== null && hops < 10; hops++) row = select.get(row.merged_into) ?? row;
    const ids = this.#db
      .prepare<[number], number>(
        `WITH RECURSIVE merged (id) AS (
           VALUES (?) UNION SELECT c.id FROM chats c JOIN merged ON c.merged_into = merged.id
         ) SELECT id FROM merged`,
      )
      .pluck()
      .all(row.id);
    return { row, ids, ...this.#shown(row) };
  }

  /** For a direct chat, the other person's name; an address book name takes precedence over the chat's own. */
  #shown(row: ChatRow): Pick<KnownChat, 'jid' | 'pn' | 'lid' | 'name' | 'given'> {
    const name = shownName(row.name);
    if (row.kind !== 'direct') {
      const given = name === '' ? null : ({ text: name, kind: 'subject' } as const);
      return { jid: row.jid, pn: null, lid: null, name: name || null, given };
    }
    const person = this.#contacts.find(row.jid);
    const pn = row.pn ?? person.pn ?? (isPn(row.jid) ? row.jid : null);
    const lid = row.lid ?? person.lid ?? (isLid(row.jid) ? row.jid : null);
    // The phone names chats after its address book. Without a saved name, the chat's name is the one that the person
    // chose.
    const kind = person.savedName === null && this.#contacts.isChosen(row.jid, name) ? 'chosen' : 'saved';
    const given = name === '' ? null : ({ text: name, kind } as const);
    const own = given?.kind === 'saved' ? given.text : null;
    return { jid: pn ?? row.jid, pn, lid, name: person.savedName || own || person.name || phoneOf(pn), given };
  }
}
