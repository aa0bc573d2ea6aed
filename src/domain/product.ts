/**
 * Whether a product is available; `unknown` where the business did not say, or used words that are not in this table.
 */
export const availabilities = [
  'in_stock',
  'out_of_stock',
  'preorder',
  'available_for_order',
  'discontinued',
  'unknown',
] as const;
export type Availability = (typeof availabilities)[number];

/** The availability for WhatsApp's text, such as `in stock`. */
export function availabilityOf(sent: string | undefined): Availability {
  const word = (sent ?? '')
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  return availabilities.find((known) => known === word) ?? 'unknown';
}

/**
 * `4.50 EUR`, without the currency when it is not an ISO 4217 code; undefined when the price is invalid. Safe to
 * include in our own text.
 */
export function amount(price: string | undefined, currency: string | undefined): string | undefined {
  if (price === undefined || !/^\d{1,18}(\.\d{1,6})?$/.test(price)) return undefined;
  return isCurrency(currency) ? `${price} ${currency}` : price;
}

const isCurrency = (code: string | undefined): code is string => code !== undefined && currencies.has(code);
const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** The usual number of decimals of a currency; 2 for unknown currencies. */
function decimalsOf(currency: string | undefined): number {
  if (!currency || !/^[A-Z]{3}$/.test(currency)) return 2;
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/**
 * A price as a decimal string, with the decimals of its currency, or more where the amount needs them. WhatsApp counts
 * thousandths of the currency's unit for every currency: 4500 is `4.50` EUR and 1200000 is `1200` JPY.
 * Undefined when the text is not a whole number.
 */
export function priceOf(thousandths: string | undefined, currency: string | undefined): string | undefined {
  const amount = thousandths?.trim();
  if (!amount || !/^\d{1,18}$/.test(amount)) return undefined;
  const digits = amount.padStart(4, '0');
  const fraction = digits.slice(-3).replace(/0+$/, '').padEnd(decimalsOf(currency), '0');
  const whole = digits.slice(0, -3).replace(/^0+(?=\d)/, '');
  return fraction ? `${whole}.${fraction}` : whole;
}
