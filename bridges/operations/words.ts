import * as z from 'zod';
import { cutText } from '../../src/domain/cut.ts';

/**
 * The types of bridge answers, field by field. We trust neither the text of wa-bridge, even after it has proven its
 * identity, nor values that Baileys passes on from WhatsApp.
 */

/** Spaces, line ends, control and invisible characters, and those that change the text direction. */
const invisible = /[\p{C}\p{Z}]+/gu;

/** One line of visible text with at most `longest` characters. */
export function plainLine(text: string, longest: number): string {
  return [...text.replace(invisible, ' ').trim()].slice(0, longest).join('');
}

export const line = (longest: number) => z.string().overwrite((text) => plainLine(text, longest));

/** A remark of a bridge, for a person. */
export const Remark = line(300);

/** Text written by people: unchanged, cut at `longest`, and no character halved. */
export const peopleText = (longest: number) => z.string().overwrite((text) => cutText(text, longest));

const word = (pattern: RegExp) => z.string().regex(pattern);

/** The address of a person or group, without device. */
export const Jid = word(
  /^(\d{1,24}(-\d{1,24})?|status)@(s\.whatsapp\.net|lid|g\.us|newsletter|broadcast|hosted|hosted\.lid)$/,
);
/** The address of a linked device, or of the phone. */
export const DeviceJid = word(/^\d{1,24}(:\d{1,5})?@(s\.whatsapp\.net|lid|hosted|hosted\.lid)$/);
export const GroupJid = word(/^\d{1,24}(-\d{1,24})?@g\.us$/);
export const Phone = word(/^\+[1-9]\d{4,14}$/);
/** An id of messages, pictures, flows: letters, digits and signs that cannot form a sentence. */
export const Id = word(/^[\w.:+/=-]{1,128}$/);
/** ISO 8601, UTC. */
export const Moment = word(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/);
export const TimeOfDay = word(/^\d\d:\d\d$/);
/** URL of a web page or picture, without spaces and characters that end a link in a text. */
export const Address = word(/^https?:\/\/[\w.:[\]-]{1,255}(\/[\w.~:/?#[\]@!$&'()*+,;=%-]{0,4000})?$/);
export const Platform = word(/^[A-Za-z0-9][\w .-]{0,30}$/);
/** A name or version of software. */
export const Version = word(/^[\w.+()/-]{1,100}$/);
/** The content of the QR code: where to link, and the keys of the new device. */
export const QrText = word(/^(https:\/\/wa\.me\/settings\/linked_devices#)?\d@[\w+/=-]{4,400}(,[\w+/=-]{1,100}){3,5}$/);
/** The code that the user types on the phone. */
export const PairingCode = word(/^[0-9A-Z]{4}-?[0-9A-Z]{4}$/);
