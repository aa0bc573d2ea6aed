import { AppError } from '../../../src/domain/errors.ts';
import type { WirePage } from '../translate/business.ts';
import { abortable } from './abortable.ts';

/** A list is never followed further than this, whatever WhatsApp says about its end. */
const maxPages = 100;
/** One call reads on for as long as this, ms; the next goes on where it ended. */
const patienceMs = 25_000;
/** What was read is good for this long, ms. */
const freshMs = 5 * 60_000;
const maxCachedLists = 20;

type Read<T> = (after: string | undefined) => Promise<WirePage<T>>;

/** A list of a business as far as it was read, page after page, for everybody who asks about it meanwhile. */
export class CachedList<T extends { id: string }> {
  skipped = 0;
  /** There is no such list at all, which is more than that it is empty. */
  absent = false;
  readonly #entries = new Map<string, T>();
  readonly #asked = new Set<string | undefined>();
  readonly #read: Read<T>;
  readonly #now: () => number;
  #after: string | undefined;
  #end: 'unread' | 'open' | 'complete' | 'cut' = 'unread';
  #readAt = 0;
  #reading: Promise<void> | undefined;

  constructor(read: Read<T>, now: () => number) {
    this.#read = read;
    this.#now = now;
  }

  get entries(): T[] {
    return [...this.#entries.values()];
  }

  get(id: string): T | undefined {
    return this.#entries.get(id);
  }

  /** Nothing follows what was read. */
  get ended(): boolean {
    return this.#end === 'complete' || this.#end === 'cut';
  }

  /** Everything was read that there is. */
  get complete(): boolean {
    return this.#end === 'complete' && this.skipped === 0;
  }

  /** Seconds since the first page was read. */
  get age(): number {
    return Math.max(0, Math.floor((this.#now() - this.#readAt) / 1000));
  }

  get fresh(): boolean {
    return this.#end === 'unread' || this.#now() - this.#readAt < freshMs;
  }

  /**
   * Reads on until there is enough, the list ends, or the time is up. Returns what kept it from reading on; rejects with
   * it when nothing was ever read.
   */
  async until(enough: () => boolean, signal?: AbortSignal): Promise<AppError | undefined> {
    const deadline = this.#now() + patienceMs;
    while (!this.ended && !enough() && this.#now() < deadline) {
      try {
        await abortable(this.#more(), signal);
      } catch (error) {
        if (!(error instanceof AppError) || this.#end === 'unread' || signal?.aborted) throw error;
        return error;
      }
    }
    return undefined;
  }

  /** One page, read once for all who wait for it. */
  #more(): Promise<void> {
    this.#reading ??= this.#turn().finally(() => {
      this.#reading = undefined;
    });
    return this.#reading;
  }

  async #turn(): Promise<void> {
    const page = await this.#read(this.#after);
    if (this.#end === 'unread') this.#readAt = this.#now();
    const before = this.#entries.size;
    for (const entry of page.items) this.#entries.set(entry.id, entry);
    this.skipped += page.skipped;
    this.absent = page.absent ?? false;
    this.#asked.add(this.#after);
    this.#after = page.after;
    const astray = this.#asked.has(page.after) || this.#entries.size + page.skipped === before;
    if (page.after === undefined) this.#end = 'complete';
    else this.#end = astray || this.#asked.size >= maxPages ? 'cut' : 'open';
  }
}

/** The lists that were read a short time ago, by the address of their business. */
export class Shelves<T extends { id: string }> {
  readonly #shelves = new Map<string, CachedList<T>>();
  readonly #read: (jid: string, after: string | undefined) => Promise<WirePage<T>>;
  readonly #now: () => number;

  constructor(read: (jid: string, after: string | undefined) => Promise<WirePage<T>>, now: () => number) {
    this.#read = read;
    this.#now = now;
  }

  /** What is known turned out to be worth nothing. */
  drop(jid: string): void {
    this.#shelves.delete(jid);
  }

  of(jid: string): CachedList<T> {
    const known = this.#shelves.get(jid);
    if (known?.fresh) return known;
    const shelf = new CachedList<T>((after) => this.#read(jid, after), this.#now);
    this.#shelves.delete(jid);
    this.#shelves.set(jid, shelf);
    const [oldest] = this.#shelves.keys();
    if (oldest !== undefined && this.#shelves.size > maxCachedLists) this.#shelves.delete(oldest);
    return shelf;
  }
}
