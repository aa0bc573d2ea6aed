import { describe, expect, it } from 'vitest';
import { limit, Recipient } from '../../src/tools/params.ts';

describe('shared arguments', () => {
  it('keep a page between 1 and 500 entries', () => {
    const accepts = (value: unknown) => limit(50).safeParse(value).success;
    expect([0, 1, 500, 501, 1.5, '5'].map(accepts)).toEqual([false, true, true, false, false, false]);
    expect(limit(50).parse(undefined)).toBe(50);
  });

  it('trim a recipient and refuse an empty or endless one', () => {
    expect(Recipient.parse(' Ada ')).toBe('Ada');
    expect(Recipient.safeParse('  ').success).toBe(false);
    expect(Recipient.safeParse('x'.repeat(201)).success).toBe(false);
  });
});
