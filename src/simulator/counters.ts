export interface Counts {
  /** Requests by kind, `xmlns/type/child`. */
  iq: Record<string, number>;
  /** The highest number of requests of a kind, and of connections (`connect`), within one minute. */
  peakPerMinute: Record<string, number>;
  /** Requests without a handler; 0 in a healthy test. */
  unanswered: number;
  connections: number;
  logins: number;
  /** More than 1 means that a client opened a second session on the same credentials. */
  maxConcurrentSessionsPerDevice: number;
  /** Stanzas that a device confirmed, by the kind of confirmation. */
  confirmed: Record<string, number>;
  /** Messages of linked devices that were read, by reader; for another linked device, counted from its receipts. */
  decrypted: Record<string, number>;
  redelivered: number;
  resent: number;
  /** Messages of linked devices that the phone or a contact could not read. */
  undecryptable: number;
  historyNotifications: number;
  mediaGets: number;
}

type Countable =
  | 'connections'
  | 'logins'
  | 'redelivered'
  | 'resent'
  | 'undecryptable'
  | 'historyNotifications'
  | 'mediaGets';

const MINUTE_MS = 60_000;

/** Counters for the claims of tests. */
export class Counters {
  private readonly values: Counts = {
    iq: {},
    peakPerMinute: {},
    unanswered: 0,
    connections: 0,
    logins: 0,
    maxConcurrentSessionsPerDevice: 0,
    confirmed: {},
    decrypted: {},
    redelivered: 0,
    resent: 0,
    undecryptable: 0,
    historyNotifications: 0,
    mediaGets: 0,
  };
  private readonly lastMinute = new Map<string, number[]>();
  readonly unansweredKinds = new Set<string>();

  add(name: Countable, by = 1): void {
    this.values[name] += by;
    if (name === 'connections') this.peak('connect');
  }

  iq(kind: string): void {
    this.values.iq[kind] = (this.values.iq[kind] ?? 0) + 1;
    this.peak(kind);
  }

  private peak(kind: string): void {
    const now = performance.now();
    const minute = (this.lastMinute.get(kind) ?? []).filter((at) => at > now - MINUTE_MS);
    minute.push(now);
    this.lastMinute.set(kind, minute);
    this.values.peakPerMinute[kind] = Math.max(this.values.peakPerMinute[kind] ?? 0, minute.length);
  }

  unanswered(kind: string): void {
    this.values.unanswered++;
    this.unansweredKinds.add(kind);
  }

  confirmed(how: string): void {
    this.values.confirmed[how] = (this.values.confirmed[how] ?? 0) + 1;
  }

  decrypted(by: string): void {
    this.values.decrypted[by] = (this.values.decrypted[by] ?? 0) + 1;
  }

  sessions(concurrent: number): void {
    this.values.maxConcurrentSessionsPerDevice = Math.max(this.values.maxConcurrentSessionsPerDevice, concurrent);
  }

  snapshot(): Counts {
    return structuredClone(this.values);
  }
}
