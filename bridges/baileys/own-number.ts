import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { AppError } from '../../src/domain/errors.ts';

/** The digits of the number that a person gave for the own phone; throws `invalid_input` for anything else. */
export function ownNumber(text: string | undefined): string {
  if (text === undefined)
    throw new AppError('invalid_input', 'Linking by code needs phone, the number of the account.');
  const written = text.trim().replace(/^00/, '+');
  const number = parsePhoneNumberFromString(written.startsWith('+') ? written : `+${written}`);
  const plain = /^\+?[\d\s.\-/()]+$/.test(written) && !/\(0\)/.test(written); // "(0)" is dialled only inside the country
  if (plain && number?.isPossible()) return number.number.slice(1);
  throw new AppError('invalid_input', 'phone must be a whole number with its country code, such as +15550100000.');
}
