import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { fold } from './fold.ts';

/** Links that hold a phone number with its country code, and nothing else that says who is meant. */
const links: readonly RegExp[] = [
  /^(?:https?:\/\/)?(?:www\.)?wa\.me\/(?:\+|%2b)?(\d+)\/?(?:[?#]\S*)?$/,
  /^(?:https?:\/\/(?:api|web|www)\.whatsapp\.com\/send|whatsapp:\/\/send)\/?\?(?:\S*&)?phone=(?:\+|%2b)?(\d+)(?:[&#]\S*)?$/,
];

/**
 * The digits of a phone number in any usual format (`+1 555 0100`, `0044 (0)20 …`, digits of any script, `tel:…`,
 * `wa.me/…`), or undefined for other text.
 */
export function phoneDigits(text: string): string | undefined {
  const typed = fold(text).trim();
  const linked = links.map((link) => link.exec(typed)?.[1]).find((digits) => digits !== undefined);
  const plain = linked === undefined ? withoutScheme(typed) : `+${linked}`;
  if (!/^\s*\+?[\d\s().\-/]{5,30}$/.test(plain)) return undefined;
  const written = plain.trim().replace(/^00(?=[1-9])/, '+');
  const international = written.startsWith('+') ? written : `+${written}`;
  const digits = parsePhoneNumberFromString(international)?.number.slice(1) ?? written.replace(/\D/g, '');
  return /^\d{5,15}$/.test(digits) ? digits : undefined;
}

/** A number without `tel:` and its parameters, and with one kind of hyphen. */
const withoutScheme = (typed: string): string => typed.replace(/^tel:([^;?]+).*$/, '$1').replace(/\p{Pd}/gu, '-');

/** The PN address of a phone number, or undefined when the text is not one. */
export function phoneJid(text: string): string | undefined {
  const digits = phoneDigits(text);
  return digits && `${digits}@s.whatsapp.net`;
}

/** `+15550100` for a PN address; shown for a person without a name. */
export function phoneOf(pn: string | null | undefined): string | null {
  const digits = /^(\d+)@s\.whatsapp\.net$/.exec(pn ?? '')?.[1];
  return digits ? `+${digits}` : null;
}
