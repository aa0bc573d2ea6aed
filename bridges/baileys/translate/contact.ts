import type { Contact } from '../../../src/domain/chat.ts';
import { isLid, isPn, normalizeJid } from '../../../src/domain/jid.ts';
import type { Me } from '../../../src/domain/own-account.ts';
import type { proto } from '../library/library.ts';
import { authorOf } from './key.ts';
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
