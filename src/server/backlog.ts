import type { RequestId } from './greeting.ts';

/** The calls of a client that repeats itself without end are refused before they fill the memory. */
const mostWaiting = 10_000;
const mostBytes = 64 * 1024 * 1024;

/** The lines of requests that are not begun yet, as they came: what is parsed costs fifty times as much as what is read. */
export interface Backlog {
  /** Keeps the line until there is room for it. False when too much is kept. */
  add(line: Buffer, id: RequestId): boolean;
  /** Takes a line out that waits; false when none with this id does. */
  cancel(id: RequestId): boolean;
  /** To be told of every request that was answered, so that its bytes count no more. */
  settle(id: RequestId): void;
  /** Looks again whether there is room. */
  resume(): void;
  /** Calls back once, when no line waits. */
  onceEmpty(listener: () => void): void;
  /** Calls back once, when no line waits and every request has its answer. */
  onceAnswered(listener: () => void): void;
  size(): number;
}

export interface BacklogDeps {
  /** Begins what a line asks; false when it is no request, and no answer comes to its id. */
  pass(line: Buffer): boolean;
  /** How many lines may be passed now; what was passed shows here in the next turn of the event loop. */
  room(): number;
  /** Bytes of the lines that wait or whose requests have no answer yet. */
  mostBytes?: number;
  most?: number;
}

interface Entry {
  id: RequestId;
  line: Buffer;
}

/** Passes lines on in the order in which they came. */
export function createBacklog(deps: BacklogDeps): Backlog {
  const { most = mostWaiting, mostBytes: bytesLimit = mostBytes } = deps;
  const waiting = new Set<Entry>();
  const byId = new Map<RequestId, Entry>();
  const unanswered = new Map<RequestId, number>();
  let bytes = 0;
  let scheduled = false;
  const listeners = new Map<() => void, () => boolean>();

  const isEmpty = () => waiting.size === 0;
  const isAnswered = () => isEmpty() && unanswered.size === 0;

  function onceSo(isSo: () => boolean, listener: () => void): void {
    listeners.set(listener, isSo);
    tell();
  }

  function tell(): void {
    for (const [listener, isSo] of listeners) if (isSo() && listeners.delete(listener)) listener();
  }

  function remove(entry: Entry): void {
    waiting.delete(entry);
    if (byId.get(entry.id) === entry) byId.delete(entry.id);
  }

  function passFirst(): void {
    const [entry] = waiting;
    if (!entry) return;
    remove(entry);
    unanswered.set(entry.id, (unanswered.get(entry.id) ?? 0) + entry.line.length);
    if (!deps.pass(entry.line)) settle(entry.id);
  }

  function passSome(): void {
    scheduled = false;
    for (let room = deps.room(); room > 0 && waiting.size > 0; room--) passFirst();
    tell();
    if (deps.room() > 0) resume();
  }

  function resume(): void {
    if (scheduled || waiting.size === 0) return;
    scheduled = true;
    setImmediate(passSome);
  }

  function settle(id: RequestId): void {
    bytes -= unanswered.get(id) ?? 0;
    unanswered.delete(id);
    tell();
  }

  return {
    add(line, id) {
      if (waiting.size >= most || bytes + line.length > bytesLimit) return false;
      const entry = { id, line };
      waiting.add(entry);
      byId.set(id, entry);
      bytes += line.length;
      resume();
      return true;
    },
    cancel(id) {
      const entry = byId.get(id);
      if (!entry) {
        settle(id); // the server stops its work, and sends no answer
        return false;
      }
      remove(entry);
      bytes -= entry.line.length;
      tell();
      return true;
    },
    settle,
    resume,
    onceEmpty: (listener) => onceSo(isEmpty, listener),
    onceAnswered: (listener) => onceSo(isAnswered, listener),
    size: () => waiting.size,
  };
}
