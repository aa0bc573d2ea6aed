import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { AppError } from './errors.ts';

/** A full number with its country code; every bridge takes this form. */
export const e164 = /^\+[1-9]\d{6,14}$/;

/** The user's own phone number in E.164; throws `invalid_input` for anything else. */
export function ownNumber(text: string | undefined): string {
  if (text === undefined)
    throw new AppError('invalid_input', 'Linking by code needs phone, the number of the account.');
  const written = text.trim().replace(/^00/, '+');
  const number = parsePhoneNumberFromString(written.startsWith('+') ? written : `+${written}`);
  const plain = /^\+?[\d\s.\-/()]+$/.test(written) && !/\(0\)/.test(written); // "(0)" is dialled only inside the country
  if (plain && number?.isPossible() && e164.test(number.number)) return number.number;
  throw new AppError('invalid_input', 'phone must be a whole number with its country code, such as +15550100000.');
}
