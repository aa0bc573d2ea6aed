import * as z from 'zod';
import { cutText } from '../../src/domain/cut.ts';

/**
 * What bridges may answer, field by field. One of them is another program: its words are taken as a stranger's, even when
 * it has proven who it is, and Baileys hands on what WhatsApp sent.
 */

/** Spaces, line ends, controls, characters that nobody sees and those that turn the direction of a text. */
const unseen = /[\p{C}\p{Z}]+/gu;

/** One line of visible text, at most this many characters. */
export function plainLine(text: string, longest: number): string {
  return [...text.replace(unseen, ' ').trim()].slice(0, longest).join('');
}

export const line = (longest: number) => z.string().overwrite((text) => plainLine(text, longest));

/** What a bridge says in its own words, for a person. */
export const Remark = line(300);

/** Text that people wrote: as it is, cut where nobody would write on. */
export const peopleText = (longest: number) => z.string().overwrite((text) => cutText(text, longest));

const word = (pattern: RegExp) => z.string().regex(pattern);

/** A person's or a group's address, without device. */
export const Jid = word(
  /^(\d{1,24}(-\d{1,24})?|status)@(s\.whatsapp\.net|lid|g\.us|newsletter|broadcast|hosted|hosted\.lid)$/,
);
/** The address of a linked device, or of the phone. */
export const DeviceJid = word(/^\d{1,24}(:\d{1,5})?@(s\.whatsapp\.net|lid|hosted|hosted\.lid)$/);
export const GroupJid = word(/^\d{1,24}(-\d{1,24})?@g\.us$/);
export const Phone = word(/^\+[1-9]\d{4,14}$/);
/** Of messages, pictures, flows: letters, digits and signs that make no sentence. */
export const Id = word(/^[\w.:+/=-]{1,128}$/);
/** ISO 8601, UTC. */
export const Moment = word(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/);
export const TimeOfDay = word(/^\d\d:\d\d$/);
/** Of a web page or a picture, without spaces and signs that end a link in a text. */
export const Address = word(/^https?:\/\/[\w.:[\]-]{1,255}(\/[\w.~:/?#[\]@!$&'()*+,;=%-]{0,4000})?$/);
export const Platform = word(/^[A-Za-z0-9][\w .-]{0,30}$/);
/** A name or version of software. */
export const Version = word(/^[\w.+()/-]{1,100}$/);
/** What WhatsApp's phone app scans: where to link, and the keys of the device that asks for it. */
export const QrText = word(/^(https:\/\/wa\.me\/settings\/linked_devices#)?\d@[\w+/=-]{4,400}(,[\w+/=-]{1,100}){3,5}$/);
/** What is typed on the phone. */
export const PairingCode = word(/^[0-9A-Z]{4}-?[0-9A-Z]{4}$/);
