import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/**
 * The digits of a phone number in any usual format (`+1 555 0100`, `0044 (0)20 …`, digits), or undefined for other
 * text.
 */
export function phoneDigits(text: string): string | undefined {
  if (!/^\s*\+?[\d\s().\-/]{5,30}$/.test(text)) return undefined;
  const written = text.trim().replace(/^00(?=[1-9])/, '+');
  const international = written.startsWith('+') ? written : `+${written}`;
  const digits = parsePhoneNumberFromString(international)?.number.slice(1) ?? written.replace(/\D/g, '');
  return /^\d{5,15}$/.test(digits) ? digits : undefined;
}

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
