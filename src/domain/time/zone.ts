const secondMs = 1000;
const minuteMs = 60_000;
const dayMs = 86_400_000;
const latestMs = 8_640_000_000_000_000;
const shownOffset = /GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/;
const calendarYear = /^\d{4}-/;

/**
 * A time zone. An instant is in milliseconds since 1970; a local time is what clocks in the zone show, as milliseconds
 * since 1970 of a clock that shows the same in UTC.
 */
export class Zone {
  readonly name: string;
  /** Whether times are written with `Z`. */
  readonly isUtc: boolean;
  /** Undefined for UTC, which needs no Intl: its first use takes 10 ms and 8 MB. */
  readonly #format: Intl.DateTimeFormat | undefined;

  /** Throws a RangeError for a name that Intl does not know. */
  constructor(name: string) {
    this.name = name;
    this.isUtc = name === 'UTC';
    if (this.isUtc) return;
    this.#format = new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' });
    this.isUtc = this.#format.resolvedOptions().timeZone === 'UTC';
  }

  /** Milliseconds by which local time is ahead of UTC at this instant. */
  offsetAt(ms: number): number {
    if (!this.#format) return 0;
    const shown = shownOffset.exec(this.#format.format(within(ms)));
    if (!shown) throw new Error(`Intl shows no offset for ${this.name}`);
    const [, sign, hours = 0, minutes = 0, seconds = 0] = shown;
    const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * secondMs;
    return sign === '-' ? -size : size;
  }

  localOf(ms: number): number {
    return ms + this.offsetAt(ms);
  }

  /**
   * The instant at which clocks show this: the first one where they show it twice, and the moment of the change where
   * they skip it.
   */
  instantOf(local: number): number {
    const offsets = [this.offsetAt(local - dayMs), this.offsetAt(local + dayMs)];
    const candidates = offsets.map((offset) => local - offset).sort((a, b) => a - b);
    const [first = local, last = local] = candidates;
    return candidates.find((ms) => this.localOf(ms) === local) ?? this.#changeBetween(first, last, local);
  }

  /** The first instant, of those after `from` up to `upto`, at which clocks show this or more. */
  #changeBetween(from: number, upto: number, local: number): number {
    let [earlier, later] = [from, upto];
    while (later - earlier > 1) {
      const middle = Math.floor((earlier + later) / 2);
      if (this.localOf(middle) < local) earlier = middle;
      else later = middle;
    }
    return later;
  }

  /**
   * ISO 8601 with the offset of this zone (`Z` in UTC), without a fraction that is zero. An offset with seconds, as some
   * places had before 1972, is cut to minutes, and the local time with it; the instant stays exact. Instants that are
   * outside of the years 0 to 9999 here are written in UTC.
   */
  iso(ms: number): string {
    const utc = isoText(ms);
    if (this.isUtc) return utc;
    const minutes = Math.trunc(this.offsetAt(ms) / minuteMs);
    const local = isoText(ms + minutes * minuteMs);
    return calendarYear.test(local) ? local.replace('Z', offsetText(minutes)) : utc;
  }
}

const within = (ms: number): number => Math.max(-latestMs, Math.min(ms, latestMs));
const isoText = (ms: number): string => new Date(within(ms)).toISOString().replace('.000Z', 'Z');

function offsetText(minutes: number): string {
  const two = (number: number) => String(number).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

/** Whether a setting may name this zone: one of the IANA database that this machine knows. */
export function isZoneName(name: string): boolean {
  if (!/^[a-z]/i.test(name)) return false; // newer versions of Intl take bare offsets too
  try {
    new Zone(name);
    return true;
  } catch {
    return false;
  }
}

/** What the day and the hour of a user depend on. */
export type Place = Pick<Zone, 'name' | 'localOf'>;
