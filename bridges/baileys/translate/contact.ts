import type { Contact, LidPair } from '../../../src/domain/chat.ts';
import { isLid, isPn, normalizeJid } from '../../../src/domain/jid.ts';
import type { proto } from '../library/library.ts';
import { authorOf, type Me } from './key.ts';
import { compact, text } from './wire.ts';

/**
 * A person from Baileys: `name` is from the phone's address book, or the person's `username` without one; `notify` is
 * the push name.
 */
interface WireContact {
  id?: string | null;
  lid?: string | null;
  phoneNumber?: string | null;
  name?: string | null;
  notify?: string | null;
  verifiedName?: string | null;
  username?: string | null;
}

/** A person with at least one name or second address; undefined for anything else. */
export function contactOf(wire: WireContact): Contact | undefined {
  const jid = normalizeJid(wire.id);
  if (jid === undefined || !(isPn(jid) || isLid(jid))) return undefined;
  const pn = isPn(jid) ? jid : normalizeJid(wire.phoneNumber);
  const lid = isLid(jid) ? jid : normalizeJid(wire.lid);
  const isSaved = wire.name !== wire.username;
  const contact = compact<Contact>({
    jid,
    pn: pn && isPn(pn) ? pn : undefined,
    lid: lid && isLid(lid) ? lid : undefined,
    savedName: isSaved ? text(wire.name) : undefined,
    pushName: text(wire.notify) ?? (isSaved ? undefined : text(wire.username)),
    businessName: text(wire.verifiedName),
  });
  return contact && Object.keys(contact).length > 2 ? contact : undefined;
}

/** The author of a message with their push name. */
export function authorContact(info: proto.IWebMessageInfo, me: Me): Contact | undefined {
  if (!info.key || info.key.fromMe || !text(info.pushName)) return undefined;
  return contactOf({ id: authorOf(info.key, me, info.participant) ?? null, notify: info.pushName ?? null });
}

/** A pair of addresses of one person, given in any order. */
export function lidPair(one: string | null | undefined, other: string | null | undefined): LidPair | undefined {
  const [a, b] = [normalizeJid(one), normalizeJid(other)];
  if (!a || !b) return undefined;
  if (isLid(a) && isPn(b)) return { lid: a, pn: b };
  return isPn(a) && isLid(b) ? { lid: b, pn: a } : undefined;
}
