import { AppError } from '../../../src/domain/errors.ts';
import type { WirePage } from '../translate/business.ts';
import { abortable } from './abortable.ts';

/** Max pages that we read of one list, whatever WhatsApp says about its end. */
const maxPages = 100;
/** How long a list stays fresh, ms. */
const freshMs = 5 * 60_000;
const maxCachedLists = 20;

type Read<T> = (after: string | undefined) => Promise<WirePage<T>>;

/** A list of a business as far as it has been read page by page, shared by all callers. */
export class CachedList<T extends { id: string }> {
  skipped = 0;
  /** WhatsApp has no such list, unlike an empty one. */
  isAbsent = false;
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

  /** There is no further page. */
  get hasEnded(): boolean {
    return this.#end === 'complete' || this.#end === 'cut';
  }

  /** The whole list has been read. */
  get isComplete(): boolean {
    return this.#end === 'complete' && this.skipped === 0;
  }

  /** Seconds since the first page was read. */
  get age(): number {
    return Math.max(0, Math.floor((this.#now() - this.#readAt) / 1000));
  }

  get isFresh(): boolean {
    return this.#end === 'unread' || this.#now() - this.#readAt < freshMs;
  }

  /**
   * Reads pages until `enough`, the end of the list, or `maxMs`, after which the next call continues there. Returns the error that stopped it; rejects with it
   * when nothing was ever read.
   */
  async until(enough: () => boolean, maxMs: number, signal?: AbortSignal): Promise<AppError | undefined> {
    const deadline = this.#now() + maxMs;
    while (!this.hasEnded && !enough() && this.#now() < deadline) {
      try {
        await abortable(this.#more(), signal);
      } catch (error) {
        if (!(error instanceof AppError) || this.#end === 'unread' || signal?.aborted) throw error;
        return error;
      }
    }
    return undefined;
  }

  /** Reads one page, shared by all concurrent callers. */
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
    this.isAbsent = page.absent ?? false;
    this.#asked.add(this.#after);
    this.#after = page.after;
    const astray = this.#asked.has(page.after) || this.#entries.size + page.skipped === before;
    if (page.after === undefined) this.#end = 'complete';
    else this.#end = astray || this.#asked.size >= maxPages ? 'cut' : 'open';
  }
}

/** Recently read lists, by the address of their business. */
export class CachedLists<T extends { id: string }> {
  readonly #lists = new Map<string, CachedList<T>>();
  readonly #read: (jid: string, after: string | undefined) => Promise<WirePage<T>>;
  readonly #now: () => number;

  constructor(read: (jid: string, after: string | undefined) => Promise<WirePage<T>>, now: () => number) {
    this.#read = read;
    this.#now = now;
  }

  /** Removes a list that proved invalid. */
  drop(jid: string): void {
    this.#lists.delete(jid);
  }

  of(jid: string): CachedList<T> {
    const known = this.#lists.get(jid);
    if (known?.isFresh) return known;
    const shelf = new CachedList<T>((after) => this.#read(jid, after), this.#now);
    this.#lists.delete(jid);
    this.#lists.set(jid, shelf);
    const [oldest] = this.#lists.keys();
    if (oldest !== undefined && this.#lists.size > maxCachedLists) this.#lists.delete(oldest);
    return shelf;
  }
}
