import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limit, parseTime, Recipient } from '../../src/tools/params.ts';

const seconds = (iso: string) => Date.parse(iso) / 1000;

describe('times', () => {
  it.each([
    ['2025-01-01', '2025-01-01T00:00:00Z'],
    ['2025-01-01T09:30', '2025-01-01T09:30:00Z'],
    ['2025-01-01T09:30:15', '2025-01-01T09:30:15Z'],
    ['2025-01-01T09:30:15Z', '2025-01-01T09:30:15Z'],
    ['2025-01-01T09:30:15+02:00', '2025-01-01T07:30:15Z'],
    [' 2024-02-29 ', '2024-02-29T00:00:00Z'],
  ])('%s is %s', (text, iso) => {
    expect(parseTime(text)).toBe(seconds(iso));
  });

  it('round a fraction up, so that it lies on the right side of a whole second', () => {
    expect(parseTime('2025-01-01T00:00:00.001Z')).toBe(seconds('2025-01-01T00:00:01Z'));
  });

  it.each([
    '',
    'yesterday',
    '1735689600',
    '2025-02-29',
    '2025-13-01',
    '2025-01-01T24:01',
    '2025-01-01 09:30',
    '2025-1-1',
    '01/02/2025',
    '2025-01-01T09:30:15+2',
    '2025-01-01T09:30:61Z',
    '2025-W01',
  ])('%j is no time', (text) => {
    expect(parseTime(text)).toBeUndefined();
  });

  it('read back what they are written as', () => {
    const date = fc.date({ min: new Date('1970-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
    fc.assert(
      fc.property(date, (time) => {
        expect(parseTime(time.toISOString())).toBe(Math.ceil(time.getTime() / 1000));
      }),
    );
  });
});

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
