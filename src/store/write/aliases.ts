import type { LidPair } from '../../domain/chat.ts';
import { isLid } from '../../domain/jid.ts';
import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';

type Noun = 'chat' | 'contact';

/** Addresses and the rows they name; works for both chats and contacts. */
export function aliasTable(db: Db, noun: Noun) {
  const select = db.prepare<[object], number>(rule('find_alias', { noun })).pluck();
  const insert = db.prepare(rule('set_alias', { noun }));
  const repoint = db.prepare(rule('move_aliases', { noun }));
  const mergeInto = db.prepare(rule('merge_into', { noun }));
  const rename = openRename(db, noun);
  const find = (alias: string) => select.get({ alias });
  const set = (alias: string, id: number) => void insert.run({ alias, id });
  const forget = db.prepare(rule('drop_alias', { noun }));
  const separated = openSeparated(db, noun);
  return {
    find,
    set,
    /** Moves everything that refers to `gone` to `kept`; readers follow `merged_into`. */
    merge: (gone: number, kept: number) => {
      repoint.run({ kept, gone });
      mergeInto.run({ kept, gone });
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
      if (other === undefined) forget.run({ alias: goes });
      else set(goes, other);
      return { home, other };
    },
  };
}

/** Shows a row under a PN where that is free; returns the LID that it was shown under before. */
function openRename(db: Db, noun: Noun): (id: number, pair: LidPair) => string | undefined {
  const jidOf = db.prepare<[object], string>(rule('jid_of', { noun })).pluck();
  // While rows are leaving a chat, its address is the destination of rows without a wire address.
  const busy = noun === 'chat' ? 'separating IS NOT NULL' : 'false';
  const rename = db.prepare(rule('name_both', { noun, busy }));
  return (id, { pn, lid }) => {
    const before = jidOf.get({ id }) as string;
    rename.run({ pn, lid, id });
    return isLid(before) && jidOf.get({ id }) !== before ? before : undefined;
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
  const jidOf = db.prepare<[object], string>(rule('jid_of', { noun })).pluck();
  const former = db.prepare<[object], number>(rule('row_of_jid', { noun })).pluck();
  const make = noun === 'chat' ? openMakeChat(db) : openMakeContact(db);
  const reset = db.prepare(rule('reset_address', { noun }));
  const resetTo = (id: number, jid: string) => {
    reset.run({ id, jid, pn: isLid(jid) ? null : jid, lid: isLid(jid) ? jid : null });
  };
  return (home, { lid, pn }, first) => {
    const jid = jidOf.get({ id: home }) as string;
    const [stays, goes] = [first, jid].includes(lid) ? [lid, pn] : [pn, lid];
    resetTo(home, stays);
    const other = former.get({ jid: goes }) ?? make(goes, home, jid);
    if (other !== undefined) resetTo(other, goes);
    return { stays, goes, other };
  };
}

type Make = (jid: string, home: number, homeJid: string) => number | undefined;

function openMakeContact(db: Db): Make {
  const insert = db.prepare(rule('insert_contact'));
  return (jid) => Number(insert.run({ jid, pn: null, lid: null }).lastInsertRowid);
}

/** Creates a chat only where something arrived under its address. */
function openMakeChat(db: Db): Make {
  const any = db.prepare(rule('arrived_under'));
  const insert = db.prepare(rule('insert_chat'));
  return (jid, home, homeJid) =>
    any.get({ jid, home, home_jid: homeJid }) === undefined
      ? undefined
      : Number(insert.run({ jid, kind: 'direct', pn: null, lid: null }).lastInsertRowid);
}
