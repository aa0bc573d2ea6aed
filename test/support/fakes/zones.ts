import type { Zone } from '../../../src/domain/time/zone.ts';

/** Zones with every kind of change: of half an hour, at midnight, in winter, on other weekdays, and with none. */
export const zoneNames = [
  'Africa/Cairo',
  'Africa/Casablanca',
  'Africa/Lagos',
  'America/Asuncion',
  'America/Havana',
  'America/Los_Angeles',
  'America/New_York',
  'America/Nuuk',
  'America/Santiago',
  'America/Sao_Paulo',
  'America/St_Johns',
  'Antarctica/Troll',
  'Asia/Beirut',
  'Asia/Jerusalem',
  'Asia/Kathmandu',
  'Asia/Kolkata',
  'Asia/Tokyo',
  'Atlantic/Azores',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'Europe/Berlin',
  'Europe/Dublin',
  'Europe/London',
  'Pacific/Apia',
  'Pacific/Auckland',
  'Pacific/Chatham',
  'UTC',
];

const hourMs = 3_600_000;

/** The instants, to the hour, at which the clocks of a zone changed in a year; its first hour where they never did. */
export function changesIn(zone: Zone, year: number): number[] {
  const start = Date.UTC(year, 0, 1);
  const hours = Array.from({ length: 366 * 24 }, (_, hour) => start + hour * hourMs);
  const changes = hours.filter((ms) => zone.offsetAt(ms - hourMs) !== zone.offsetAt(ms));
  return changes.length > 0 ? changes : [start];
}
