import { describe, expect, it, test, vi } from 'vitest';
import { isZoneName, Zone } from '../../src/domain/time/zone.ts';
import { machinePlace, machineZone, statedZone } from '../../src/system/machine-zone.ts';

const linkTo = (target: string | undefined) => statedZone(undefined, () => target);

describe('the zone of the machine', () => {
  it('is named by the link to its file', () => {
    expect(linkTo('/usr/share/zoneinfo/Europe/Berlin')).toBe('Europe/Berlin');
    expect(linkTo('../usr/share/zoneinfo/America/Argentina/Buenos_Aires')).toBe('America/Argentina/Buenos_Aires');
    expect(linkTo('/var/db/timezone/zoneinfo/Asia/Kolkata')).toBe('Asia/Kolkata');
    expect(linkTo('/usr/share/zoneinfo/Etc/UTC')).toBe('UTC');
  });

  it.each([undefined, '', '/zoneinfo/', '/etc/other', '/usr/share/zoneinfo/right/Europe/Berlin', '/zoneinfo/a b'])(
    'is left to Intl where the link is %j',
    (target) => {
      expect(linkTo(target)).toBeUndefined();
    },
  );

  it('is left to Intl where TZ is set, except for UTC', () => {
    const link = () => '/usr/share/zoneinfo/Europe/Berlin';
    expect(['UTC', 'Asia/Tokyo', ':x', ''].map((tz) => statedZone(tz, link))).toEqual([
      'UTC',
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is UTC where Intl does not know what is found', () => {
    const found = (name: string | undefined) => machineZone('x', () => name);
    expect([found('Etc/Unknown'), found(''), found(undefined)]).toEqual(['UTC', 'UTC', 'UTC']);
    expect(found('Asia/Calcutta')).toBe('Asia/Calcutta');
    expect(isZoneName(machineZone(process.env['TZ']))).toBe(true);
  });

  it('shows the same local time without Intl as with it', () => {
    const tz = process.env['TZ'];
    const [quick, zone] = [machinePlace(tz), new Zone(machineZone(tz))];
    for (const at of ['2025-01-31T08:00:00Z', '2025-03-30T01:30:00Z', '2025-07-31T22:00:00Z', '2011-12-30T12:00:00Z'])
      expect(quick.localOf(Date.parse(at))).toBe(zone.localOf(Date.parse(at)));
    expect(quick.name).toBe(zone.name);
  });
});

test('UTC needs no Intl', () => {
  const used = vi.spyOn(Intl, 'DateTimeFormat');
  const zone = new Zone(machineZone('UTC'));
  expect([zone.isUtc, zone.iso(0), zone.instantOf(5), used.mock.calls.length]).toEqual([
    true,
    '1970-01-01T00:00:00Z',
    5,
    0,
  ]);
  used.mockRestore();
});
