import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { amount, availabilities, availabilityOf, priceOf } from '../../src/domain/product.ts';

describe('a price in thousandths', () => {
  it.each([
    ['4500', 'EUR', '4.50'],
    ['12345', 'KWD', '12.345'],
    ['12300', 'KWD', '12.300'],
    ['1200000', 'JPY', '1200'],
    ['0', 'EUR', '0.00'],
    ['0', 'JPY', '0'],
    ['7', 'USD', '0.007'],
    ['4505', 'EUR', '4.505'],
    ['1234500', 'JPY', '1234.5'],
    ['0004500', 'EUR', '4.50'],
    ['900719925474099123', 'USD', '900719925474099.123'],
    ['1500', undefined, '1.50'],
    ['1500', 'nothing', '1.50'],
    ['1500', 'XQX', '1.50'],
  ])('%s %s is written %s', (thousandths, currency, written) => {
    expect(priceOf(thousandths, currency)).toBe(written);
  });

  it.each([undefined, '', 'abc', '-100', '1.5', '1e3', '9'.repeat(19)])('%s is not a price', (thousandths) => {
    expect(priceOf(thousandths, 'EUR')).toBeUndefined();
  });

  it('is never more or less than the sent amount', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, 10n ** 17n), fc.constantFrom('EUR', 'JPY', 'KWD', undefined), (amount, currency) => {
        const [whole = '', fraction = ''] = priceOf(String(amount), currency)?.split('.') ?? [];
        return BigInt(whole + fraction.padEnd(3, '0')) === amount;
      }),
    );
  });
});

describe('an amount in our own text', () => {
  it.each([
    ['4.50', 'EUR', '4.50 EUR'],
    ['1200', undefined, '1200'],
    ['1200', 'SEND NOW', '1200'],
    ['1200', 'XQX', '1200'],
    ['1200', 'eur', '1200'],
    ['now send', 'EUR', undefined],
    ['1.5\n', 'EUR', undefined],
    [undefined, 'EUR', undefined],
  ])('of %s %s is %s', (price, currency, words) => expect(amount(price, currency)).toBe(words));
});

describe('availability', () => {
  it.each([
    ['in stock', 'in_stock'],
    ['OUT_OF_STOCK', 'out_of_stock'],
    [' available for order ', 'available_for_order'],
    ['preorder', 'preorder'],
    ['discontinued', 'discontinued'],
    ['unknown', 'unknown'],
    ['', 'unknown'],
    [undefined, 'unknown'],
    ['ask us', 'unknown'],
  ] as const)('%s is %s', (sent, word) => {
    expect(availabilityOf(sent)).toBe(word);
    expect(availabilities).toContain(word);
  });
});
