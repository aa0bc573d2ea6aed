/**
 * Countries where the number of a WhatsApp account may differ from the one that people dial, by one digit: Mexico has a
 * 1 and Argentina a 9 behind the country code; in Brazil, older accounts lack the 9 that mobile numbers begin with.
 */
const twoForms: readonly { long: RegExp; short: RegExp; digit: string }[] = [
  { long: /^(52)1([2-9]\d{9})$/, short: /^(52)([2-9]\d{9})$/, digit: '1' },
  { long: /^(54)9([1-8]\d{9})$/, short: /^(54)([1-8]\d{9})$/, digit: '9' },
  { long: /^(55[1-9]\d)9([6-9]\d{7})$/, short: /^(55[1-9]\d)([6-9]\d{7})$/, digit: '9' },
];

/** The other form in which the same line is written, or undefined where a line has one form. Digits only. */
export function otherForm(digits: string): string | undefined {
  for (const { long, short, digit } of twoForms) {
    if (long.test(digits)) return digits.replace(long, '$1$2');
    if (short.test(digits)) return digits.replace(short, (_, country: string, line: string) => country + digit + line);
  }
  return undefined;
}
