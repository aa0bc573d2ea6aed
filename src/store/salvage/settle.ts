import type { Db } from '../sqlite/database.ts';

/** Rows that referred to missing rows. */
export interface Orphans {
  /** Rows removed, by table. */
  removed: Record<string, number>;
  /** Chats and contacts whose merge target was lost. */
  unmerged: number;
  /** Chats and contacts that were recreated for rows that refer to them. */
  rebuilt: number;
}

type Noun = 'chat' | 'contact';

/** Both nouns in messages.db; auth.db has no references. */
function nounsOf(db: Db): Noun[] {
  const find = db.prepare("SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?");
  return (['chat', 'contact'] as const).filter((noun) => find.get(`${noun}s`) !== undefined);
}

/** Which columns name a row of another table, but for merged_into of itself. */
function referencesTo(db: Db, parent: string): { table: string; column: string }[] {
  const tables = db.prepare<[], string>("SELECT name FROM sqlite_schema WHERE type = 'table'").pluck().all();
  return tables.flatMap((table) =>
    db
      .prepare<[string, string], string>('SELECT "from" FROM pragma_foreign_key_list(?) WHERE "table" = ?')
      .pluck()
      .all(table, parent)
      .filter((column) => column !== 'merged_into')
      .map((column) => ({ table, column })),
  );
}

/** A merged row is always one step from its target. A longer chain or a cycle comes from damage. */
function unmerge(db: Db, noun: Noun): number {
  const kept = `SELECT id FROM ${noun}s WHERE merged_into IS NULL`;
  return db.prepare(`UPDATE ${noun}s SET merged_into = NULL WHERE merged_into NOT IN (${kept})`).run().changes;
}

/** Removes the rows that name a row of `parent` which is not there, and counts them. */
function removeBelow(db: Db, parent: string, removed: Orphans['removed']): void {
  for (const { table, column } of referencesTo(db, parent)) {
    const { changes } = db.prepare(`DELETE FROM "${table}" WHERE ${column} NOT IN (SELECT rowid FROM ${parent})`).run();
    if (changes > 0) removed[table] = (removed[table] ?? 0) + changes;
  }
}

/** Removes what names a chat, contact or message that is not there. */
export function removeOrphans(db: Db): Orphans {
  const found: Orphans = { removed: {}, unmerged: 0, rebuilt: 0 };
  for (const noun of nounsOf(db)) {
    found.unmerged += unmerge(db, noun);
    removeBelow(db, `${noun}s`, found.removed);
  }
  removeBelow(db, 'messages', found.removed);
  return found;
}

/**
 * Makes the chats and contacts anew that rows name and that are lost, from the addresses that are left of them. The first
 * text of a lost message is removed: neither its chat nor its author nor its time is known.
 */
export function rebuildParents(db: Db): Orphans {
  const found: Orphans = { removed: {}, unmerged: 0, rebuilt: 0 };
  for (const noun of nounsOf(db)) {
    const named = referencesTo(db, `${noun}s`).map(({ table, column }) => `SELECT ${column} AS id FROM "${table}"`);
    named.push(`SELECT merged_into FROM ${noun}s WHERE merged_into IS NOT NULL`);
    const lost = db
      .prepare<[], number>(
        `SELECT id FROM (${named.join(' UNION ')}) WHERE id NOT IN (SELECT id FROM ${noun}s) AND id > 0`,
      )
      .pluck()
      .all();
    for (const id of lost) rebuild(db, noun, id);
    found.rebuilt += lost.length;
    found.unmerged += unmerge(db, noun);
    // Lookups find an address only through its alias.
    db.exec(
      `INSERT OR IGNORE INTO ${noun}_aliases (alias, ${noun}_id) SELECT jid, coalesce(merged_into, id) FROM ${noun}s`,
    );
  }
  removeBelow(db, 'messages', found.removed);
  return found;
}

const kinds: readonly (readonly [RegExp, string])[] = [
  [/^status@broadcast$/, 'status'],
  [/@broadcast$/, 'broadcast'],
  [/@newsletter$/, 'newsletter'],
  [/@g\.us$/, 'group'],
];

function rebuild(db: Db, noun: Noun, id: number): void {
  const addresses = addressesOf(db, noun, id);
  const ending = (text: string) => addresses.find((address) => address.endsWith(text)) ?? null;
  const pn = ending('@s.whatsapp.net');
  const lid = ending('@lid');
  // An invented group address that WhatsApp never assigns, so that no other messages end up in this chat.
  const jid = pn ?? lid ?? addresses[0] ?? `salvaged-${id}@g.us`;
  db.prepare(`INSERT OR IGNORE INTO ${noun}_aliases (alias, ${noun}_id) VALUES (?, ?)`).run(jid, id);
  if (noun === 'contact') {
    db.prepare('INSERT INTO contacts (id, jid, pn, lid) VALUES (?, ?, ?, ?)').run(id, jid, pn, lid);
    return;
  }
  const kind = kinds.find(([pattern]) => pattern.test(jid))?.[1] ?? 'direct';
  db.prepare(
    `INSERT INTO chats (id, jid, kind, pn, lid, name, last_message_at)
     VALUES (?, ?, ?, ?, ?, ?, (SELECT max(timestamp) FROM messages WHERE chat_id = ?))`,
  ).run(id, jid, kind, pn, lid, addresses.length === 0 ? `Salvaged chat ${id}` : null, id);
}

/** The unused addresses under which a lost chat or contact was known, or under which its messages arrived. */
function addressesOf(db: Db, noun: Noun, id: number): string[] {
  const arrived = noun === 'chat' ? ` UNION SELECT wire_chat FROM messages WHERE ${noun}_id = @id` : '';
  return db
    .prepare<[{ id: number }], string>(
      `SELECT address FROM (SELECT alias AS address FROM ${noun}_aliases WHERE ${noun}_id = @id${arrived})
       WHERE address IS NOT NULL AND address NOT IN (SELECT jid FROM ${noun}s)
         AND address NOT IN (SELECT alias FROM ${noun}_aliases WHERE ${noun}_id <> @id) ORDER BY address`,
    )
    .pluck()
    .all({ id });
}
