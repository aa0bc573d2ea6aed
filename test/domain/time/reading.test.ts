import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readTime } from '../../../src/domain/time/reading.ts';
import { Zone } from '../../../src/domain/time/zone.ts';
import { changesIn, zoneNames } from '../../support/fakes/zones.ts';

const seed = 20_261_202;

const reader =
  (now: string, zoneName = 'Europe/Berlin') =>
  (text: string) => {
    const zone = new Zone(zoneName);
    const reading = readTime(text, { ms: Date.parse(now), zone });
    return 'problem' in reading ? reading.problem : zone.iso(reading.ms);
  };

/** A Wednesday in Berlin, where clocks show 10:20:30. */
const read = reader('2025-03-12T09:20:30Z');

describe('ISO 8601', () => {
  it.each([
    ['2024-01-01', '2024-01-01T00:00:00+01:00'],
    ['2024-07-01', '2024-07-01T00:00:00+02:00'],
    ['2024-07', '2024-07-01T00:00:00+02:00'],
    ['2024', '2024-01-01T00:00:00+01:00'],
    [' 2024-02-29 ', '2024-02-29T00:00:00+01:00'],
    ['2024-07-01T09:30', '2024-07-01T09:30:00+02:00'],
    ['2024-07-01 09:30:15', '2024-07-01T09:30:15+02:00'],
    ['2024-07-01t09:30z', '2024-07-01T11:30:00+02:00'],
    ['2024-07-01T09:30:15+05:30', '2024-07-01T06:00:15+02:00'],
    ['2024-07-01T09:30:15 -0330', '2024-07-01T15:00:15+02:00'],
    ['2024-07-01T09:30:15+02', '2024-07-01T09:30:15+02:00'],
    ['2024-12-31T24:00', '2025-01-01T00:00:00+01:00'],
    ['2024-07-01T00:00:00.0000001', '2024-07-01T00:00:00.001+02:00'],
    ['0001-01-01T00:00Z', '0001-01-01T00:53:00+00:53'],
    ['9999-12-31', '9999-12-31T00:00:00+01:00'],
  ])('%s is %s', (text, instant) => {
    expect(read(text)).toBe(instant);
  });

  it.each([
    '2025-02-29',
    '2025-13-01',
    '2025-00-01',
    '2025-01-32',
    '2025-1-1',
    '2025-01-01T24:01',
    '2025-01-01T09:60',
    '2025-01-01T09:30:61Z',
    '2025-01-01T09:30+24:00',
    '2025-01-01T09:30:15+2',
    '2025-01T09:30',
    '2025-W01',
    '01/02/2025',
    '1735689600',
  ])('%j is no time', (text) => {
    expect(read(text)).toBe('unreadable');
  });

  it('has an offset or is local, which tells whether the zone was used', () => {
    const now = { ms: 0, zone: new Zone('Asia/Kolkata') };
    expect(readTime('2024-01-01T00:00:00Z', now)).toEqual({ ms: Date.UTC(2024, 0, 1), hasOffset: true });
    expect(readTime('2024-01-01T00:00:00', now)).toEqual({ ms: Date.UTC(2023, 11, 31, 18, 30), hasOffset: false });
    expect(readTime('today', now)).toEqual({ ms: Date.UTC(1969, 11, 31, 18, 30), hasOffset: false });
  });
});

describe('words', () => {
  it.each([
    ['now', '2025-03-12T10:20:30+01:00'],
    ['today', '2025-03-12T00:00:00+01:00'],
    ['Yesterday', '2025-03-11T00:00:00+01:00'],
    ['since  yesterday', '2025-03-11T00:00:00+01:00'],
    ['the day before yesterday', '2025-03-10T00:00:00+01:00'],
    ['tomorrow', '2025-03-13T00:00:00+01:00'],
    ['yesterday at 18:05', '2025-03-11T18:05:00+01:00'],
    ['9:30', '2025-03-12T09:30:00+01:00'],
    ['30m', '2025-03-12T09:50:30+01:00'],
    ['3h', '2025-03-12T07:20:30+01:00'],
    ['3 hours ago', '2025-03-12T07:20:30+01:00'],
    ['an hour ago', '2025-03-12T09:20:30+01:00'],
    ['1h30m', '2025-03-12T08:50:30+01:00'],
    ['7d', '2025-03-05T10:20:30+01:00'],
    ['-7d', '2025-03-05T10:20:30+01:00'],
    ['the last 7 days', '2025-03-05T10:20:30+01:00'],
    ['past week', '2025-03-05T10:20:30+01:00'],
    ['2w', '2025-02-26T10:20:30+01:00'],
    ['3 months ago', '2024-12-12T10:20:30+01:00'],
    ['1y', '2024-03-12T10:20:30+01:00'],
    ['in 2 days', '2025-03-14T10:20:30+01:00'],
    ['wednesday', '2025-03-12T00:00:00+01:00'],
    ['last Wednesday', '2025-03-05T00:00:00+01:00'],
    ['next wednesday', '2025-03-19T00:00:00+01:00'],
    ['LAST_MONDAY', '2025-03-10T00:00:00+01:00'],
    ['mon', '2025-03-10T00:00:00+01:00'],
    ['on thursday', '2025-03-06T00:00:00+01:00'],
    ['last-thursday', '2025-03-06T00:00:00+01:00'],
    ['sunday 20:15', '2025-03-09T20:15:00+01:00'],
    ['next sunday', '2025-03-16T00:00:00+01:00'],
    ['this week', '2025-03-10T00:00:00+01:00'],
    ['last week', '2025-03-03T00:00:00+01:00'],
    ['this month', '2025-03-01T00:00:00+01:00'],
    ['last month', '2025-02-01T00:00:00+01:00'],
    ['next month', '2025-04-01T00:00:00+02:00'],
    ['this year', '2025-01-01T00:00:00+01:00'],
    ['last year', '2024-01-01T00:00:00+01:00'],
  ])('%s is %s', (text, instant) => {
    expect(read(text)).toBe(instant);
  });

  it.each([
    '',
    'soon',
    'lastday',
    '7',
    'd',
    '7 x',
    '1 2d',
    '25:00',
    'today 9:60',
    'in 3h ago',
    'last',
    'todayyesterday',
    'ü',
    '٣h',
  ])('%j is no time', (text) => {
    expect(read(text)).toBe('unreadable');
  });

  it.each(['9999y', '99999999d', `${'9'.repeat(400)}w`, '99999999999999999h', '0000-01-01', 'in 8000 years'])(
    '%s is too far away',
    (text) => {
      expect(read(text)).toBe('far');
    },
  );

  it('keep to the ends of months and to leap years', () => {
    expect(reader('2025-03-31T12:00:00Z', 'UTC')('1 month ago')).toBe('2025-02-28T12:00:00Z');
    expect(reader('2024-03-31T12:00:00Z', 'UTC')('1 month ago')).toBe('2024-02-29T12:00:00Z');
    expect(reader('2024-02-29T12:00:00Z', 'UTC')('1y')).toBe('2023-02-28T12:00:00Z');
    expect(reader('2025-01-31T12:00:00Z', 'UTC')('last month')).toBe('2024-12-01T00:00:00Z');
    expect(reader('2025-03-01T00:00:00Z', 'UTC')('yesterday')).toBe('2025-02-28T00:00:00Z');
  });

  it('mean the day that it is where the user is', () => {
    expect(reader('2025-03-12T23:30:00Z')('today')).toBe('2025-03-13T00:00:00+01:00');
    expect(reader('2025-03-12T09:59:00Z', 'Pacific/Pago_Pago')('today')).toBe('2025-03-11T00:00:00-11:00');
    expect(reader('2025-03-12T10:01:00Z', 'Pacific/Apia')('today')).toBe('2025-03-12T00:00:00+13:00');
  });

  it('keep the time of day over a change of the clocks, where hours are lengths', () => {
    const monday = reader('2025-03-31T10:00:00Z');
    expect(monday('2d')).toBe('2025-03-29T12:00:00+01:00');
    expect(monday('48h')).toBe('2025-03-29T11:00:00+01:00');
    expect(reader('2025-03-31T00:30:00Z')('1d')).toBe('2025-03-30T03:00:00+02:00');
    expect(reader('2011-12-30T22:00:00Z', 'Pacific/Apia')('yesterday')).toBe('2011-12-31T00:00:00+14:00');
  });

  it('of no length are now, also in an hour that comes twice', () => {
    expect(reader('2025-10-26T01:30:00Z')('0d')).toBe('2025-10-26T02:30:00+01:00');
  });

  it.each(zoneNames)('are the earlier the longer the span is, in %s', (name) => {
    const zone = new Zone(name);
    const changes = changesIn(zone, 2025);
    const now = fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -200_000, max: 400_000 }));
    const unit = fc.constantFrom('m', 'h', 'd', 'w', 'mo', 'y');
    fc.assert(
      fc.property(
        now,
        unit,
        fc.integer({ min: 0, max: 400 }),
        fc.integer({ min: 1, max: 400 }),
        ([change, by], u, n, more) => {
          const at = { ms: change + by * 1000, zone };
          const [near, far] = [`${n}${u}`, `${n + more}${u}`].map((text) => readTime(text, at));
          expect(far).toHaveProperty('ms', expect.any(Number));
          expect((far as { ms: number }).ms).toBeLessThan((near as { ms: number }).ms);
        },
      ),
      { seed, numRuns: 150 },
    );
  });

  it('are read or refused, whatever they are', () => {
    const piece = fc.constantFrom(
      'last',
      'in',
      'ago',
      '7',
      'd',
      'mon',
      'week',
      ' ',
      '-',
      ':',
      '2025',
      'T',
      'Z',
      '+',
      'a',
      '\n',
      'ſ',
    );
    const text = fc.oneof(
      fc.array(piece).map((pieces) => pieces.join('')),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(text, (anything) => {
        expect(read(anything)).toMatch(/^(unreadable|far|\d{4}-\d\d-\d\dT[\d:.]+[+-]\d\d:\d\d)$/);
      }),
      { seed, numRuns: 2000 },
    );
  });
});
