import type { LidPair } from '../../domain/chat.ts';
import { type ChatKind, chatKind, isLid, isPn, normalizeJid } from '../../domain/jid.ts';
import type { Db } from '../sqlite/database.ts';
import { aliasTable } from './aliases.ts';
import { openOwnNames } from './contact-names.ts';
import { openMergeLog } from './merge-undo.ts';
import { latest } from './unread.ts';

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
  const insert = db.prepare('INSERT INTO contacts (jid, pn, lid) VALUES (?, ?, ?)');
  const addresses = db.prepare(
    'SELECT pn, lid FROM contacts WHERE id = (SELECT contact_id FROM contact_aliases WHERE alias = ?)',
  );
  const fill = db.prepare(`
    UPDATE contacts AS kept SET
      saved_name = coalesce(kept.saved_name, gone.saved_name),
      push_name = coalesce(kept.push_name, gone.push_name),
      business_name = coalesce(kept.business_name, gone.business_name)
    FROM contacts AS gone WHERE kept.id = ? AND gone.id = ?`);
  const add = ({ pn, lid }: Addresses): number => {
    const id = Number(insert.run(pn ?? lid, pn, lid).lastInsertRowid);
    for (const alias of [pn, lid]) if (alias) aliases.set(alias, id);
    return id;
  };
  return {
    find: aliases.find,
    add,
    addresses: (jid: string): Addresses => (addresses.get(jid) as Addresses | undefined) ?? addressesOf(jid),
    join: ({ lid, pn }: LidPair): void => {
      const byLid = aliases.find(lid);
      const byPn = aliases.find(pn);
      if (byLid !== undefined && byLid === byPn) return;
      if (byLid !== undefined && byPn !== undefined) {
        fill.run(byPn, byLid);
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

/** Copies what is known about a merged chat into the remaining one. */
const fillChat = `
    UPDATE chats AS kept SET
      name = coalesce(kept.name, gone.name),
      unread_count = max(kept.unread_count, gone.unread_count),
      unread_reported = CASE WHEN coalesce(gone.unread_reported_at, -1) > coalesce(kept.unread_reported_at, -1)
        THEN gone.unread_reported ELSE kept.unread_reported END,
      unread_reported_at = ${latest('kept.unread_reported_at', 'gone.unread_reported_at')},
      read_upto = ${latest('kept.read_upto', 'gone.read_upto')},
      archived = min(kept.archived, gone.archived),
      pinned_at = coalesce(kept.pinned_at, gone.pinned_at),
      muted_until = coalesce(kept.muted_until, gone.muted_until),
      ephemeral_seconds = coalesce(kept.ephemeral_seconds, gone.ephemeral_seconds),
      last_message_at = nullif(max(coalesce(kept.last_message_at, 0), coalesce(gone.last_message_at, 0)), 0)
    FROM chats AS gone WHERE kept.id = ? AND gone.id = ?`;

function chatTable(db: Db) {
  const aliases = aliasTable(db, 'chat');
  const notes = openMergeLog(db);
  const insert = db.prepare('INSERT INTO chats (jid, kind, pn, lid) VALUES (?, ?, ?, ?)');
  const fill = db.prepare(fillChat);
  const jidOf = db.prepare('SELECT jid FROM chats WHERE id = ?').pluck();
  const markSeparating = db.prepare('UPDATE chats SET separating = coalesce(separating, ?) WHERE id = ?');
  return {
    find: aliases.find,
    separate: (pair: LidPair): void => {
      const jid = jidOf.get(aliases.find(pair.pn) ?? 0);
      const rows = aliases.separate(pair, notes.first);
      if (!rows) return;
      notes.undoMerge(rows.other, rows.home);
      markSeparating.run(jid, rows.home);
    },
    add: (jid: string, { pn, lid }: Addresses): number => {
      const kind: ChatKind = chatKind(jid);
      const direct = kind === 'direct';
      const other = direct
        ? [pn, lid].map((alias) => (alias ? aliases.find(alias) : undefined)).find(Boolean)
        : undefined;
      const canonical = direct ? (pn ?? jid) : jid;
      const id = other ?? Number(insert.run(canonical, kind, direct ? pn : null, direct ? lid : null).lastInsertRowid);
      for (const alias of direct ? [jid, pn, lid] : [jid]) if (alias) aliases.set(alias, id);
      if (other === undefined && canonical !== jid) notes.recordFirst(id, jid);
      return id;
    },
    join: ({ lid, pn }: LidPair): void => {
      const byLid = aliases.find(lid);
      const byPn = aliases.find(pn);
      if (byLid === byPn) return;
      if (byLid !== undefined && byPn !== undefined) {
        notes.recordMerge(byLid, byPn, () => fill.run(byPn, byLid));
        aliases.merge(byLid, byPn);
      }
      const id = byPn ?? byLid;
      const first = id === undefined ? undefined : aliases.name(id, { lid, pn });
      if (id !== undefined && first !== undefined) notes.recordFirst(id, first);
    },
  };
}
