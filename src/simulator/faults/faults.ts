import type { LinkedDevice } from '../account/device.ts';
import type { ChunkPlan } from '../world/plan.ts';
import { type CatalogFault, CatalogFaults } from './catalog.ts';
import { type HistoryFault, HistoryFaults, type SentChunk } from './history.ts';

/** Named points at which the connection can be cut. */
export const dropPoints = ['hello', 'login', 'active', 'history_sent', 'receipt', 'media_get'] as const;
export type DropPoint = (typeof dropPoints)[number];

interface Drop {
  point: DropPoint;
  /** How many times the point passes without the fault first. */
  skip: number;
}

/** Ways to end a stream, by the code that Baileys shows for it. */
const streamErrors: Record<number, { code?: number; conflict?: string }> = {
  401: { code: 401, conflict: 'device_removed' },
  403: { code: 403 },
  405: { code: 405 },
  408: { code: 408 },
  440: { conflict: 'replaced' },
  503: { code: 503 },
  515: { code: 515 },
};

export type StreamCode = 401 | 403 | 405 | 408 | 428 | 440 | 503 | 515;

/** The planned faults and how many times each happens. Each is consumed when it happens; there are no random faults. */
export class Faults {
  private readonly drops: Drop[] = [];
  private readonly logins: number[] = [];
  private readonly mediaAnswers: number[] = [];
  private damages = 0;
  private stalls = 0;
  private readonly slowness: number[] = [];
  private withheldKeys = 0;
  private ignoredRequests = 0;
  private spoiledPatches = 0;
  private cutAfter = Number.POSITIVE_INFINITY;
  private awake: { promise: Promise<void>; resolve: () => void } | undefined;
  private readonly chunks = new HistoryFaults();
  private readonly catalogs = new CatalogFaults();
  private readonly iqAnswers = new Map<string, number[]>();
  private readonly clients: () => Iterable<Pick<LinkedDevice, 'connection'>>;

  /** `clients`: linked devices, and clients that show a code. */
  constructor(clients: () => Iterable<Pick<LinkedDevice, 'connection'>>) {
    this.clients = clients;
  }

  /** Cuts the connection at the (skip + 1)th occurrence of this point, before any answer is sent there. */
  drop(point: DropPoint, skip = 0): void {
    this.drops.push({ point, skip });
  }

  /** Answers the next downloads with a status, such as 404. */
  media(times: number, status = 404): void {
    for (let i = 0; i < times; i++) this.mediaAnswers.push(status);
  }

  /** Damages the ciphertext of the next messages, so that the client asks for them again. */
  damage(times = 1): void {
    this.damages += times;
  }

  /** Sends half of each of the next files and then stops, with the connection left open. */
  stall(times = 1): void {
    this.stalls += times;
  }

  /** Takes this long (ms) for each of the next files, sent in pieces. */
  slow(ms: number, times = 1): void {
    for (let i = 0; i < times; i++) this.slowness.push(ms);
  }

  /** Applies a fault to the next parts of the history, after `skip` parts without one. */
  history(fault: HistoryFault, { times = 1, skip = 0 } = {}): void {
    this.chunks.plan(fault, times, skip);
  }

  /** Applies a fault to the next pages of catalogs. */
  catalog(fault: CatalogFault, times = 1): void {
    this.catalogs.plan(fault, times);
  }

  /** The next linked devices do not receive the key of the account's settings. */
  appStateKey(times = 1): void {
    this.withheldKeys += times;
  }

  /** The phone does not answer the next requests for that key. */
  keyRequests(times = Number.POSITIVE_INFINITY): void {
    this.ignoredRequests = times;
  }

  /** The next patches of the account's settings are damaged in transit. */
  patches(times = 1): void {
    this.spoiledPatches += times;
  }

  /** The phone is off: it sends and answers nothing until it is awake. */
  phone(state: 'silent' | 'awake'): void {
    if (state === 'awake') {
      this.awake?.resolve();
      this.awake = undefined;
      return;
    }
    let resolve = () => {};
    const promise = new Promise<void>((done) => {
      resolve = done;
    });
    this.awake ??= { promise, resolve };
  }

  /** Cuts the connection in place of the (skip + 1)th stanza from now on, in either direction. */
  cut(skip: number): void {
    this.cutAfter = skip;
  }

  /** Stops delivery on the open connections without notice. */
  mute(): void {
    for (const { connection } of this.clients()) connection?.mute();
  }

  /** Refuses the next logins: 401 and 403 permanently, 405 outdated, 503 temporarily. */
  login(reason: number, times = 1): void {
    for (let i = 0; i < times; i++) this.logins.push(reason);
  }

  /** Answers the next requests of a kind (`xmlns/type/child`) with an error code; 0 leaves them unanswered. */
  iq(kind: string, code: number, times = 1): void {
    const answers = this.iqAnswers.get(kind) ?? [];
    for (let i = 0; i < times; i++) answers.push(code);
    this.iqAnswers.set(kind, answers);
  }

  /** Ends the stream of every connected client: 401 unlinked, 440 replaced; 428 closes without notice. */
  stream(code: StreamCode): void {
    for (const { connection } of this.clients()) {
      const error = streamErrors[code];
      if (error) connection?.streamError(error);
      else connection?.drop();
    }
  }

  /** Called by the server at each point; true when the connection is to be cut now. */
  hits(point: DropPoint): boolean {
    const planned = this.drops.find((drop) => drop.point === point);
    if (!planned) return false;
    if (planned.skip-- > 0) return false;
    this.drops.splice(this.drops.indexOf(planned), 1);
    return true;
  }

  /** Called for every stanza; true when the connection is to be cut instead. */
  cutsNow(): boolean {
    if (this.cutAfter-- > 0) return false;
    this.cutAfter = Number.POSITIVE_INFINITY;
    return true;
  }

  /** The parts of a history with the planned faults applied. */
  inject(plan: Iterable<ChunkPlan>): Iterable<SentChunk> {
    return this.chunks.inject(plan);
  }

  /** Resolves when the phone is on; undefined while it is on. */
  get asleep(): Promise<void> | undefined {
    return this.awake?.promise;
  }

  withholdsKey(): boolean {
    if (this.withheldKeys === 0) return false;
    this.withheldKeys--;
    return true;
  }

  ignoresKeyRequest(): boolean {
    return this.ignoredRequests > 0 && this.ignoredRequests-- > 0;
  }

  nextSpoiledPatch(): boolean {
    return this.spoiledPatches > 0 && this.spoiledPatches-- > 0;
  }

  nextSlow(): number | undefined {
    return this.slowness.shift();
  }

  nextStall(): boolean {
    if (this.stalls === 0) return false;
    this.stalls--;
    return true;
  }

  nextDamage(): boolean {
    if (this.damages === 0) return false;
    this.damages--;
    return true;
  }

  nextLogin(): number | undefined {
    return this.logins.shift();
  }

  nextMedia(): number | undefined {
    return this.mediaAnswers.shift();
  }

  nextCatalog(): CatalogFault | undefined {
    return this.catalogs.take();
  }

  nextIq(kind: string): number | undefined {
    return this.iqAnswers.get(kind)?.shift();
  }
}
