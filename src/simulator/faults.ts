import type { LinkedDevice } from './device.ts';

/** Named moments at which the line can be cut. */
export const dropPoints = ['hello', 'login', 'active', 'history_sent', 'receipt', 'media_get'] as const;
export type DropPoint = (typeof dropPoints)[number];

interface Drop {
  point: DropPoint;
  /** How often the point passes unharmed first. */
  skip: number;
}

/** Ways in which a stream can end, by the code that Baileys shows for it. */
const streamErrors: Record<number, { code?: number; conflict?: string }> = {
  401: { code: 401, conflict: 'device_removed' },
  440: { conflict: 'replaced' },
  503: { code: 503 },
  515: { code: 515 },
};

/** What is to go wrong, and how often. Everything is used up by happening; nothing goes wrong by itself. */
export class Faults {
  private readonly drops: Drop[] = [];
  private readonly logins: number[] = [];
  private readonly mediaAnswers: number[] = [];
  private damages = 0;
  private stalls = 0;
  private readonly iqAnswers = new Map<string, number[]>();
  private readonly devices: () => Iterable<LinkedDevice>;

  constructor(devices: () => Iterable<LinkedDevice>) {
    this.devices = devices;
  }

  /** Cuts the line when this point comes for the (skip + 1)th time; before anything is answered there. */
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

  /** Sends half of each of the next files and then nothing more, with the line left open. */
  stall(times = 1): void {
    this.stalls += times;
  }

  /** Refuses the next logins: 401 and 403 for good, 405 outdated, 503 for now. */
  login(reason: number, times = 1): void {
    for (let i = 0; i < times; i++) this.logins.push(reason);
  }

  /** Answers the next requests of a kind (`xmlns/type/child`) with an error code; 0 leaves them unanswered. */
  iq(kind: string, code: number, times = 1): void {
    const answers = this.iqAnswers.get(kind) ?? [];
    for (let i = 0; i < times; i++) answers.push(code);
    this.iqAnswers.set(kind, answers);
  }

  /** Ends the stream of every connected device: 401 unlinked, 440 replaced, 503, 515; 428 closes without a word. */
  stream(code: 401 | 428 | 440 | 503 | 515): void {
    for (const { connection } of this.devices()) {
      const error = streamErrors[code];
      if (error) connection?.streamError(error);
      else connection?.drop();
    }
  }

  /** Asked by the server at each point; true when the line is to be cut now. */
  hits(point: DropPoint): boolean {
    const planned = this.drops.find((drop) => drop.point === point);
    if (!planned) return false;
    if (planned.skip-- > 0) return false;
    this.drops.splice(this.drops.indexOf(planned), 1);
    return true;
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

  nextIq(kind: string): number | undefined {
    return this.iqAnswers.get(kind)?.shift();
  }
}
