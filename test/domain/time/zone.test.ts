import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readIso } from '../../../src/domain/time/iso.ts';
import { isZoneName, Zone } from '../../../src/domain/time/zone.ts';
import { changesIn, zoneNames } from '../../support/fakes/zones.ts';

const seed = 20_261_201;
const at = (text: string) => Date.parse(text);

describe('a zone', () => {
  it.each([
    ['Europe/Berlin', '2025-01-31T08:00:00Z', '2025-01-31T09:00:00+01:00'],
    ['Europe/Berlin', '2025-07-31T08:00:00Z', '2025-07-31T10:00:00+02:00'],
    ['America/St_Johns', '2025-01-31T02:00:00Z', '2025-01-30T22:30:00-03:30'],
    ['Asia/Kolkata', '2025-01-31T20:00:00.250Z', '2025-02-01T01:30:00.250+05:30'],
    ['Asia/Kathmandu', '2025-01-31T20:00:00Z', '2025-02-01T01:45:00+05:45'],
    ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29T23:59:59-10:00'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31T00:00:00+14:00'],
    ['Europe/London', '2025-01-31T08:00:00Z', '2025-01-31T08:00:00+00:00'],
    ['UTC', '2025-01-31T08:00:00Z', '2025-01-31T08:00:00Z'],
    ['Etc/GMT', '2025-01-31T08:00:00.5Z', '2025-01-31T08:00:00.500Z'],
  ])('%s writes %s as %s', (name, utc, text) => {
    expect(new Zone(name).iso(at(utc))).toBe(text);
  });

  it('cuts an offset with seconds to minutes and keeps the instant', () => {
    const text = new Zone('Africa/Monrovia').iso(0);
    expect(text).toBe('1969-12-31T23:16:00-00:44');
    expect(at(text)).toBe(0);
  });

  it('writes what is outside of the years 0 to 9999, and what is no date, in UTC', () => {
    const zone = new Zone('Pacific/Apia');
    expect(zone.iso(at('9999-12-31T23:30:00Z'))).toBe('9999-12-31T23:30:00Z');
    expect(zone.iso(Number.MAX_SAFE_INTEGER)).toBe('+275760-09-13T00:00:00Z');
  });

  it.each([
    ['a time once', 'Europe/Berlin', '2025-01-31T09:00', '2025-01-31T09:00:00+01:00'],
    ['the first of two', 'Europe/Berlin', '2025-10-26T02:30', '2025-10-26T02:30:00+02:00'],
    ['the first of two', 'America/St_Johns', '2025-11-02T01:15', '2025-11-02T01:15:00-02:30'],
    ['the change where it is skipped', 'Europe/Berlin', '2025-03-30T02:30', '2025-03-30T03:00:00+02:00'],
    ['the change where it is skipped', 'Australia/Lord_Howe', '2025-10-05T02:15', '2025-10-05T02:30:00+11:00'],
    ['the first moment of a day without midnight', 'Africa/Cairo', '2025-04-25T00:00', '2025-04-25T01:00:00+03:00'],
    ['the first of two midnights', 'America/Havana', '2025-11-02T00:00', '2025-11-02T00:00:00-04:00'],
    ['the end of a day that never was', 'Pacific/Apia', '2011-12-30T15:00', '2011-12-31T00:00:00+14:00'],
  ])('takes for a local time %s: %s %s', (_, name, local, text) => {
    const zone = new Zone(name);
    expect(zone.iso(zone.instantOf(at(`${local}Z`)))).toBe(text);
  });

  it('has days of 23 and of 25 hours', () => {
    const berlin = new Zone('Europe/Berlin');
    const hours = (day: string, next: string) =>
      (berlin.instantOf(at(`${next}T00:00Z`)) - berlin.instantOf(at(`${day}T00:00Z`))) / 3_600_000;
    expect([hours('2025-03-30', '2025-03-31'), hours('2025-10-26', '2025-10-27')]).toEqual([23, 25]);
  });

  it.each(zoneNames)('%s reads back what it wrote, around both changes of its clocks as on other days', (name) => {
    const zone = new Zone(name);
    const changes = changesIn(zone, 2025);
    const near = fc.tuple(fc.constantFrom(...changes), fc.integer({ min: -93_600, max: 93_600 }));
    const anywhere = fc.integer({ min: 0, max: 4_102_444_800 }).map((seconds) => seconds * 1000);
    const instant = fc.oneof(
      near.map(([change, seconds]) => change + seconds * 1000),
      anywhere,
    );
    fc.assert(
      fc.property(instant, (ms) => {
        expect(readIso(zone.iso(ms), zone)).toEqual({ ms, hasOffset: true });
        const read = readIso(zone.iso(ms).replace(/(?:Z|[+-]\d\d:\d\d)$/, ''), zone);
        expect(zone.localOf(read?.ms ?? Number.NaN), 'the same on clocks').toBe(zone.localOf(ms));
        expect(read?.ms, 'the first of two').toBeLessThanOrEqual(ms);
      }),
      { seed, numRuns: 200 },
    );
  });

  it('never reads a later local time as an earlier instant than an earlier one, except where clocks go back', () => {
    const zone = new Zone('Africa/Cairo');
    const [spring = 0] = changesIn(zone, 2025);
    const local = fc.integer({ min: -7200, max: 7200 }).map((seconds) => zone.localOf(spring) + seconds * 1000);
    fc.assert(
      fc.property(local, local, (one, other) => {
        const [early, late] = one < other ? [one, other] : [other, one];
        expect(zone.instantOf(early)).toBeLessThanOrEqual(zone.instantOf(late));
      }),
      { seed, numRuns: 500 },
    );
  });
});

describe('the name of a zone', () => {
  it('is one of the IANA database, in any case', () => {
    expect(['Europe/Berlin', 'europe/berlin', 'Asia/Kolkata', 'UTC', 'Etc/GMT+2'].filter(isZoneName)).toHaveLength(5);
    expect(
      ['', 'Berlin', 'Nowhere/City', '+02:00', '02:00', 'Europe/Berlin; rm', 'Etc/Unknown'].filter(isZoneName),
    ).toEqual([]);
  });
});
