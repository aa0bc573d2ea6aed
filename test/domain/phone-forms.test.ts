import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { otherForm } from '../../src/domain/phone-forms.ts';

describe('the other form of a number', () => {
  test.each([
    ['Mexico', '5215555550100', '525555550100'],
    ['Argentina', '5491155550100', '541155550100'],
    ['Brazil', '5531995550100', '553195550100'],
  ])('in %s has one digit more or less', (_, long, short) => {
    expect(otherForm(long)).toBe(short);
    expect(otherForm(short)).toBe(long);
  });

  test.each([
    ['a country with one form', '15550100134'],
    ['a landline in Brazil', '553133550100'],
    ['too few digits', '5255555501'],
    ['too many', '52155555501001'],
    ['no number', 'Ana'],
  ])('is none for %s', (_, digits) => expect(otherForm(digits)).toBeUndefined());

  test('leads back, and keeps the last eight digits', () => {
    const number = fc
      .tuple(fc.constantFrom('52', '521', '54', '549', '55', '1', '44'), fc.stringMatching(/^\d{9,11}$/))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(number, (digits) => {
        const other = otherForm(digits);
        if (other === undefined) return;
        expect(otherForm(other)).toBe(digits);
        expect(other.slice(-8)).toBe(digits.slice(-8));
        expect(Math.abs(other.length - digits.length)).toBe(1);
      }),
      { seed: 51, numRuns: 2000 },
    );
  });
});
