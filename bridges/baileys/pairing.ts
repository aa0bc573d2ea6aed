import { randomUUID } from 'node:crypto';
import { AppError } from '../../src/domain/errors.ts';
import type { OperationInput, OperationOutput } from '../operations/catalog.ts';
import type { Session } from './session.ts';

type PairingView = OperationOutput<'connection.pair'>;

interface Flow {
  id: string;
  qr?: string;
  expiresAt?: number;
}

/** WhatsApp's first QR text is valid for a minute, each of the five after it for 20 seconds. */
const firstQrMs = 60_000;
const nextQrMs = 20_000;
/** How long to wait for the first QR text. */
const offerMs = 30_000;

/** One pairing at a time: who starts a second one gets the first. */
export class Pairing {
  readonly #session: Session;
  readonly #now: () => number;
  #flow: Flow | undefined;
  #starting: Promise<void> | undefined;

  constructor(session: Session, now: () => number) {
    this.#session = session;
    this.#now = now;
    session.onQr = (qr) => this.#offer(qr);
  }

  async pair({ method }: OperationInput<'connection.pair'>, signal?: AbortSignal): Promise<PairingView> {
    this.#session.assertUsable();
    if (this.#session.credentials()) {
      await this.#session.connect();
      return { ...this.view(), message: 'A phone is linked already.' };
    }
    if (method === 'code') throw new AppError('not_supported', 'This bridge links by QR code only; use method "qr".');
    this.#starting ??= this.#start(signal).finally(() => {
      this.#starting = undefined;
    });
    await this.#starting;
    return this.view();
  }

  async #start(signal?: AbortSignal): Promise<void> {
    if (this.#pairing() && this.#flow?.qr) return;
    this.#flow = { id: randomUUID() };
    await this.#session.startPairing();
    const settled = () => this.#flow?.qr !== undefined || !this.#pairing();
    const offered = await this.#session.box.until(settled, offerMs, signal);
    if (offered && this.#pairing()) return;
    const reason = this.#session.box.message;
    await this.#session.stopPairing(null);
    if (signal?.aborted) throw new AppError('cancelled', 'Pairing was cancelled.');
    if (this.#session.refusal) throw this.#session.refusal;
    throw new AppError('bridge_unavailable', reason && offered ? reason : 'WhatsApp did not offer a QR code.');
  }

  #pairing(): boolean {
    return this.#session.box.state === 'pairing';
  }

  #offer(qr: string): void {
    if (!this.#flow) return;
    this.#flow.expiresAt = this.#now() + (this.#flow.qr ? nextQrMs : firstQrMs);
    this.#flow.qr = qr;
    this.#session.box.notify();
  }

  /** The current QR text while a pairing runs, else the bridge's state. */
  view(): PairingView {
    const { state, message } = this.#session.status();
    if (!this.#pairing() || !this.#flow) return { state, message };
    const { id, qr, expiresAt } = this.#flow;
    return {
      state,
      message,
      flow_id: id,
      ...(qr && { qr }),
      ...(expiresAt !== undefined && { expires_at: new Date(expiresAt).toISOString() }),
    };
  }

  async cancel(): Promise<OperationOutput<'connection.cancel_pairing'>> {
    await this.#session.stopPairing('The pairing was cancelled.');
    this.#flow = undefined;
    return { state: this.#session.status().state };
  }
}
