import { fold } from '../../domain/fold.ts';
import { phoneDigits } from '../../domain/phone.ts';
import { otherForm } from '../../domain/phone-forms.ts';

/**
 * The digits to look for in numbers when a text asks for one or for a part of it: as written, without the zero that
 * stands for the country code at home, and in the other form of its country. Empty for other text, or fewer digits.
 */
export function numberForms(text: string, least = 3): string[] {
  const digits = phoneDigits(text) ?? partOfNumber(fold(text).trim(), least);
  if (digits === undefined) return [];
  const other = otherForm(digits);
  return [digits, ...(other === undefined ? [] : [other]), ...(/^0[1-9]\d{5,}$/.test(digits) ? [digits.slice(1)] : [])];
}

/** A few digits, in groups or not. */
function partOfNumber(typed: string, least: number): string | undefined {
  if (!/^\+?[\d\s().\-/]+$/.test(typed)) return undefined;
  const digits = typed.replace(/\D/g, '');
  return digits.length >= least ? digits : undefined;
}
