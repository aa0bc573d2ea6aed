import type { RequestId } from './greeting.ts';

/** The calls of a client that repeats itself without end are refused before they fill the memory. */
const maxWaiting = 10_000;
const maxBytesHeld = 64 * 1024 * 1024;

export interface BacklogDeps {
  /** Begins what a line asks; false when it is no request, and no answer comes to its id. */
  pass(line: Buffer): boolean;
  /** How many lines may be passed now; what was passed shows here in the next turn of the event loop. */
  room(): number;
  /** Lines that wait. */
  most?: number;
  /** Bytes of the lines that wait or whose requests have no answer yet. */
  maxBytes?: number;
}

interface Entry {
  id: RequestId;
  line: Buffer;
}

/**
 * The lines of requests that have not begun, as they came: to parse and check one costs many times what reading it costs.
 * Passes them on in the order in which they came.
 */
export class Backlog {
  readonly #deps: Required<BacklogDeps>;
  readonly #waiting = new Set<Entry>();
  readonly #byId = new Map<RequestId, Entry>();
  readonly #unanswered = new Map<RequestId, number>();
  readonly #listeners = new Map<() => void, () => boolean>();
  #bytes = 0;
  #scheduled = false;

  constructor(deps: BacklogDeps) {
    this.#deps = { most: maxWaiting, maxBytes: maxBytesHeld, ...deps };
  }

  /** How many lines wait. */
  get size(): number {
    return this.#waiting.size;
  }

  /** Keeps the line until there is room for it. False when too much is kept. */
  add(line: Buffer, id: RequestId): boolean {
    const { most, maxBytes } = this.#deps;
    if (this.size >= most || this.#bytes + line.length > maxBytes) return false;
    const entry = { id, line };
    this.#waiting.add(entry);
    this.#byId.set(id, entry);
    this.#bytes += line.length;
    this.resume();
    return true;
  }

  /** Takes a line out that waits; false when none with this id does. */
  cancel(id: RequestId): boolean {
    const entry = this.#byId.get(id);
    if (!entry) {
      this.settle(id); // the server stops its work, and sends no answer
      return false;
    }
    this.#remove(entry);
    this.#bytes -= entry.line.length;
    this.#tell();
    return true;
  }

  /** To be told of every request that was answered, so that its bytes count no more. */
  settle(id: RequestId): void {
    this.#bytes -= this.#unanswered.get(id) ?? 0;
    this.#unanswered.delete(id);
    this.#tell();
  }

  /** Looks again whether there is room. */
  resume(): void {
    if (this.#scheduled || this.size === 0) return;
    this.#scheduled = true;
    setImmediate(() => this.#passSome());
  }

  /** Calls back once, when no line waits. */
  onceEmpty(listener: () => void): void {
    this.#listeners.set(listener, () => this.size === 0);
    this.#tell();
  }

  /** Calls back once, when no line waits and every request has its answer. */
  onceAnswered(listener: () => void): void {
    this.#listeners.set(listener, () => this.size === 0 && this.#unanswered.size === 0);
    this.#tell();
  }

  #passSome(): void {
    this.#scheduled = false;
    for (let room = this.#deps.room(); room > 0 && this.size > 0; room--) this.#passFirst();
    this.#tell();
    if (this.#deps.room() > 0) this.resume();
  }

  #passFirst(): void {
    const [entry] = this.#waiting;
    if (!entry) return;
    this.#remove(entry);
    this.#unanswered.set(entry.id, (this.#unanswered.get(entry.id) ?? 0) + entry.line.length);
    if (!this.#deps.pass(entry.line)) this.settle(entry.id);
  }

  #remove(entry: Entry): void {
    this.#waiting.delete(entry);
    if (this.#byId.get(entry.id) === entry) this.#byId.delete(entry.id);
  }

  #tell(): void {
    for (const [listener, isSo] of this.#listeners) if (isSo() && this.#listeners.delete(listener)) listener();
  }
}
