import fc from 'fast-check';
import { expect, it } from 'vitest';
import { cutText } from '../../src/domain/cut.ts';

it('cuts at the border of a character', () => {
  expect(cutText('ab👍c', 3)).toBe('ab');
  expect(cutText('ab👍c', 4)).toBe('ab👍');
  expect(cutText('abc', 9)).toBe('abc');
  expect(cutText('abc', 0)).toBe('');
});

it('leaves well-formed text well-formed, and is a beginning of it that is at most one unit short', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.nat(50), (text, most) => {
      const cut = cutText(text, most);
      expect(/\p{Surrogate}/u.test(cut)).toBe(false);
      expect(text.startsWith(cut)).toBe(true);
      expect(cut.length).toBeGreaterThanOrEqual(Math.min(most, text.length) - 1);
    }),
  );
});
