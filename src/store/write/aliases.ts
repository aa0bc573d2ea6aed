import type { LidPair } from '../../domain/chat.ts';
import { isLid } from '../../domain/jid.ts';
import type { Db } from '../sqlite/database.ts';

type Noun = 'chat' | 'contact';

/** Addresses and the rows they name; works for both chats and contacts. */
export function aliasTable(db: Db, noun: Noun) {
  const select = db.prepare(`SELECT ${noun}_id FROM main.${noun}_aliases WHERE alias = ?`).pluck();
  const insert = db.prepare(`
    INSERT INTO main.${noun}_aliases (alias, ${noun}_id) VALUES (?, ?)
    ON CONFLICT (alias) DO UPDATE SET ${noun}_id = excluded.${noun}_id`);
  const repoint = db.prepare(`UPDATE main.${noun}_aliases SET ${noun}_id = ? WHERE ${noun}_id = ?`);
  const mergeInto = db.prepare(`UPDATE main.${noun}s SET merged_into = ? WHERE id = ? OR merged_into = ?`);
  const rename = openRename(db, noun);
  const find = (alias: string) => select.get(alias) as number | undefined;
  const set = (alias: string, id: number) => void insert.run(alias, id);
  const forget = db.prepare(`DELETE FROM main.${noun}_aliases WHERE alias = ?`);
  const separated = openSeparated(db, noun);
  return {
    find,
    set,
    /** Moves everything that refers to `gone` to `kept`; readers follow `merged_into`. */
    merge: (gone: number, kept: number) => {
      repoint.run(kept, gone);
      mergeInto.run(kept, gone, gone);
    },
    /** Gives a row both addresses; returns the LID that it was shown under before, if any. */
    name: (id: number, { lid, pn }: LidPair): string | undefined => {
      set(lid, id);
      set(pn, id);
      return rename(id, { lid, pn });
    },
    /** Gives each of two addresses its own row again; `firstOf` returns the address that a row had first. */
    separate: ({ lid, pn }: LidPair, firstOf: (id: number) => string | undefined): Separation | undefined => {
      const home = find(lid);
      if (home === undefined || find(pn) !== home) return undefined;
      const { stays, goes, other } = separated(home, { lid, pn }, firstOf(home));
      set(stays, home);
      if (other === undefined) forget.run(goes);
      else set(goes, other);
      return { home, other };
    },
  };
}

/** Shows a row under a PN where that is free; returns the LID that it was shown under before. */
function openRename(db: Db, noun: Noun): (id: number, pair: LidPair) => string | undefined {
  const jidOf = db.prepare(`SELECT jid FROM main.${noun}s WHERE id = ?`).pluck();
  // While rows are leaving a chat, its address is the destination of rows without a wire address.
  const isBusy = noun === 'chat' ? 'separating IS NOT NULL OR' : '';
  // A PN can return to another person while the row that once had it is merged but not yet deleted.
  const rename = db.prepare(`
    UPDATE main.${noun}s SET pn = @pn, lid = @lid, jid = CASE
      WHEN ${isBusy} EXISTS (SELECT 1 FROM main.${noun}s WHERE jid = @pn AND id <> @id) THEN jid ELSE @pn END
    WHERE id = @id`);
  return (id, { pn, lid }) => {
    const before = jidOf.get(id) as string;
    rename.run({ pn, lid, id });
    return isLid(before) && jidOf.get(id) !== before ? before : undefined;
  };
}

/** The row that both addresses shared, and the row of the separated address: its former merged row, or a new one. */
export interface Separation {
  home: number;
  /** Undefined for a chat that never received anything. */
  other: number | undefined;
}

interface Separated extends Omit<Separation, 'home'> {
  stays: string;
  goes: string;
}

type Separate = (home: number, pair: LidPair, first: string | undefined) => Separated;

function openSeparated(db: Db, noun: Noun): Separate {
  const jidOf = db.prepare(`SELECT jid FROM main.${noun}s WHERE id = ?`).pluck();
  const former = db.prepare(`SELECT id FROM main.${noun}s WHERE jid = ?`).pluck();
  const make = noun === 'chat' ? openMakeChat(db) : openMakeContact(db);
  const reset = db.prepare(
    `UPDATE main.${noun}s SET jid = @jid, pn = @pn, lid = @lid, merged_into = NULL WHERE id = @id`,
  );
  const resetTo = (id: number, jid: string) => {
    reset.run({ id, jid, pn: isLid(jid) ? null : jid, lid: isLid(jid) ? jid : null });
  };
  return (home, { lid, pn }, first) => {
    const jid = jidOf.get(home) as string;
    const [stays, goes] = [first, jid].includes(lid) ? [lid, pn] : [pn, lid];
    resetTo(home, stays);
    const other = (former.get(goes) as number | undefined) ?? make(goes, home, jid);
    if (other !== undefined) resetTo(other, goes);
    return { stays, goes, other };
  };
}

type Make = (jid: string, home: number, homeJid: string) => number | undefined;

function openMakeContact(db: Db): Make {
  const insert = db.prepare('INSERT INTO main.contacts (jid) VALUES (?)');
  return (jid) => Number(insert.run(jid).lastInsertRowid);
}

/** Creates a chat only where something arrived under its address. */
function openMakeChat(db: Db): Make {
  const rows = (table: string) => `SELECT 1 FROM main.${table}
    WHERE chat_id IN (SELECT id FROM main.chats WHERE @home IN (id, merged_into)) AND coalesce(wire_chat, @homeJid) = @jid`;
  const any = db.prepare(`${rows('messages')} UNION ALL ${rows('changes')} LIMIT 1`);
  const insert = db.prepare("INSERT INTO main.chats (jid, kind) VALUES (?, 'direct')");
  return (jid, home, homeJid) =>
    any.get({ jid, home, homeJid }) === undefined ? undefined : Number(insert.run(jid).lastInsertRowid);
}
