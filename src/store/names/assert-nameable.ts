import { AppError } from '../../domain/errors.ts';
import { normalizeJid } from '../../domain/jid.ts';
import { shownName } from '../../domain/names.ts';

const nameable = /[\p{L}\p{N}\p{Extended_Pictographic}]/u;
const addressLike = /^[^\s@]*@[^\s@]*$/;

/**
 * Throws `invalid_input` for a text that can be neither an address nor a name. Call it only after a lookup failed,
 * because real names can be unusual.
 */
export function assertNameable(text: string): void {
  const trimmed = shownName(text);
  if (nameable.test(trimmed) && (!addressLike.test(trimmed) || normalizeJid(trimmed) !== undefined)) return;
  throw new AppError('invalid_input', 'This is no WhatsApp address, phone number or name.');
}
