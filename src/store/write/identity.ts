import type { LidPair } from '../../domain/chat.ts';
import { type ChatKind, chatKind, isLid, isPn, normalizeJid } from '../../domain/jid.ts';
import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';
import { aliasTable } from './aliases.ts';
import { openOwnNames } from './contact-names.ts';
import { openMergeLog } from './merge-undo.ts';

/**
 * Resolves addresses to rows in messages.db. One person is one chat and one contact, under the PN when it is known,
 * else under the LID. Every function runs inside the caller's transaction.
 */
export interface Identity {
  /** The chat of an address, created where missing; undefined for invalid text. */
  chatId(jid: string): number | undefined;
  /** The contact of an address, created where missing; undefined for text that is not a person's address. */
  contactId(jid: string): number | undefined;
  /**
   * Merges two addresses into one person; returns the addresses that the pair affects. Rows of a merged chat follow
   * later (`followMerges`). The last pair counts: an address that was paired with another one is separated from it
   * first.
   */
  learnPair(pair: LidPair): string[];
  /**
   * Undoes a wrong pair: each address becomes a person and a chat of its own again. Rows later return to the chat of
   * the address they arrived under (`followSeparations`).
   */
  separate(pair: LidPair): void;
}

interface Addresses {
  pn: string | null;
  lid: string | null;
}

export function openIdentity(db: Db): Identity {
  const chats = chatTable(db);
  const contacts = contactTable(db);
  const separate = (pair: LidPair): void => {
    contacts.separate(pair);
    chats.separate(pair);
  };
  return {
    chatId: (jid) =>
      chats.find(jid) ?? (normalizeJid(jid) === jid ? chats.add(jid, contacts.addresses(jid)) : undefined),
    contactId: (jid) => contacts.find(jid) ?? (isPn(jid) || isLid(jid) ? contacts.add(addressesOf(jid)) : undefined),
    learnPair: (pair) => {
      const { pn } = contacts.addresses(pair.lid);
      const { lid } = contacts.addresses(pair.pn);
      const isKnown = pn === pair.pn && lid === pair.lid;
      if (pn !== null && pn !== pair.pn) separate({ lid: pair.lid, pn });
      if (lid !== null && lid !== pair.lid) separate({ lid, pn: pair.pn });
      contacts.join(pair);
      chats.join(pair);
      return isKnown ? [] : [pair.lid, pair.pn, pn, lid].filter((address) => address !== null);
    },
    separate,
  };
}

const addressesOf = (jid: string): Addresses => ({ pn: isPn(jid) ? jid : null, lid: isLid(jid) ? jid : null });

function contactTable(db: Db) {
  const aliases = aliasTable(db, 'contact');
  const ownNames = openOwnNames(db);
  const insert = db.prepare(rule('insert_contact'));
  const addresses = db.prepare<[object], Addresses>(rule('addresses_of_contact'));
  const fill = db.prepare(rule('fill_contact'));
  const add = ({ pn, lid }: Addresses): number => {
    const id = Number(insert.run({ jid: pn ?? lid, pn, lid }).lastInsertRowid);
    for (const alias of [pn, lid]) if (alias) aliases.set(alias, id);
    return id;
  };
  return {
    find: aliases.find,
    add,
    addresses: (jid: string): Addresses => addresses.get({ jid }) ?? addressesOf(jid),
    join: ({ lid, pn }: LidPair): void => {
      const byLid = aliases.find(lid);
      const byPn = aliases.find(pn);
      if (byLid !== undefined && byLid === byPn) return;
      if (byLid !== undefined && byPn !== undefined) {
        fill.run({ kept: byPn, gone: byLid });
        aliases.merge(byLid, byPn);
      }
      const id = byPn ?? byLid;
      if (id === undefined) add({ lid, pn });
      else aliases.name(id, { lid, pn });
    },
    separate: (pair: LidPair): void => {
      const rows = aliases.separate(pair, () => undefined);
      for (const id of [rows?.home, rows?.other]) if (id !== undefined) ownNames(id);
    },
  };
}

function chatTable(db: Db) {
  const aliases = aliasTable(db, 'chat');
  const notes = openMergeLog(db);
  const insert = db.prepare(rule('insert_chat'));
  const fill = db.prepare(rule('fill_chat'));
  const jidOf = db.prepare<[object], string>(rule('jid_of', { noun: 'chat' })).pluck();
  const markSeparating = db.prepare(rule('start_unmerge'));
  return {
    find: aliases.find,
    separate: (pair: LidPair): void => {
      const jid = jidOf.get({ id: aliases.find(pair.pn) ?? 0 });
      const rows = aliases.separate(pair, notes.first);
      if (!rows) return;
      notes.undoMerge(rows.other, rows.home);
      markSeparating.run({ jid, id: rows.home });
    },
    add: (jid: string, { pn, lid }: Addresses): number => {
      const kind: ChatKind = chatKind(jid);
      const direct = kind === 'direct';
      const other = direct
        ? [pn, lid].map((alias) => (alias ? aliases.find(alias) : undefined)).find(Boolean)
        : undefined;
      const canonical = direct ? (pn ?? jid) : jid;
      const id =
        other ??
        Number(
          insert.run({ jid: canonical, kind, ...(direct ? { pn, lid } : { pn: null, lid: null }) }).lastInsertRowid,
        );
      for (const alias of direct ? [jid, pn, lid] : [jid]) if (alias) aliases.set(alias, id);
      if (other === undefined && canonical !== jid) notes.recordFirst(id, jid);
      return id;
    },
    join: ({ lid, pn }: LidPair): void => {
      const byLid = aliases.find(lid);
      const byPn = aliases.find(pn);
      if (byLid === byPn) return;
      if (byLid !== undefined && byPn !== undefined) {
        notes.recordMerge(byLid, byPn, () => fill.run({ kept: byPn, gone: byLid }));
        aliases.merge(byLid, byPn);
      }
      const id = byPn ?? byLid;
      const first = id === undefined ? undefined : aliases.name(id, { lid, pn });
      if (id !== undefined && first !== undefined) notes.recordFirst(id, first);
    },
  };
}
