import { randomUUID } from 'node:crypto';
import { AppError } from '../../../src/domain/errors.ts';
import { type OperationInput, type OperationOutput, operations } from '../../operations/catalog.ts';
import type { Session } from './session.ts';

type PairingView = OperationOutput<'connection.pair'>;
type Input = OperationInput<'connection.pair'>;

interface Flow {
  id: string;
  method: Input['method'];
  qr?: string;
  qrExpiresAt?: number;
  /** When WhatsApp runs out of QR texts and closes the connection; a pairing code expires with it. Ms since 1970. */
  endsAt?: number;
  code?: string;
}

/** WhatsApp's first QR text is valid for a minute, each of the five after it for 20 seconds. */
const firstQrMs = 60_000;
const nextQrMs = 20_000;
const allQrMs = firstQrMs + 5 * nextQrMs;
/** For the first QR text, and for a code to be accepted. */
const { answerTimeoutMs } = operations['connection.pair'];

const codeSteps = 'On the phone: Settings › Linked devices › Link a device › Link with phone number instead.';

/** One pairing at a time: a second caller joins the first. */
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

  async pair({ method, phone }: Input, signal?: AbortSignal): Promise<PairingView> {
    this.#session.assertUsable();
    if (this.#session.credentials()) {
      await this.#session.connect();
      return { ...this.view(), message: 'A phone is linked already.' };
    }
    const number = method === 'code' ? phone?.slice(1) : undefined;
    while (this.#starting) await this.#starting.catch(() => undefined);
    this.#starting = this.#start(number, signal);
    try {
      await this.#starting;
    } finally {
      this.#starting = undefined;
    }
    return this.view();
  }

  async #start(number: string | undefined, signal?: AbortSignal): Promise<void> {
    try {
      if (!this.#pairing() || !this.#flow?.qr) await this.#open(signal);
      if (this.#flow) this.#flow.method = number === undefined ? 'qr' : 'code';
      if (number !== undefined && !this.#flow?.code) await this.#askForCode(number, signal);
    } catch (error) {
      await this.#session.stopPairing(null);
      if (signal?.aborted) throw new AppError('cancelled', 'Pairing was cancelled.');
      throw this.#session.refusal ?? error;
    }
  }

  async #open(signal?: AbortSignal): Promise<void> {
    this.#flow = { id: randomUUID(), method: 'qr' };
    await this.#session.startPairing();
    const settled = () => this.#flow?.qr !== undefined || !this.#pairing();
    const offered = await this.#session.box.until(settled, answerTimeoutMs, signal);
    if (offered && this.#pairing()) return;
    const reason = this.#session.box.message;
    throw new AppError('bridge_unavailable', reason && offered ? reason : 'WhatsApp did not offer a QR code.');
  }

  async #askForCode(number: string, signal?: AbortSignal): Promise<void> {
    let accepted = false;
    const { connection } = this.#session;
    if (!connection) throw new AppError('bridge_unavailable', 'The connection for the pairing has ended.');
    const code = await connection.requestCode(number, () => {
      accepted = true;
      this.#session.box.notify();
    });
    await this.#session.box.until(() => accepted || !this.#pairing(), answerTimeoutMs, signal);
    if (!accepted) throw new AppError('upstream_unanswered', 'WhatsApp did not accept the code in time.');
    if (this.#flow) this.#flow.code = `${code.slice(0, 4)}-${code.slice(4)}`;
  }

  #pairing(): boolean {
    return this.#session.box.state === 'pairing';
  }

  #offer(qr: string): void {
    if (!this.#flow) return;
    this.#flow.endsAt ??= this.#now() + allQrMs;
    this.#flow.qrExpiresAt = this.#now() + (this.#flow.qr ? nextQrMs : firstQrMs);
    this.#flow.qr = qr;
    this.#session.box.notify();
  }

  /** The current QR text or code while a pairing runs, else the bridge's state. */
  view(): PairingView {
    const { state, message } = this.#session.status();
    const flow = this.#flow;
    if (!this.#pairing() || !flow) return { state, message };
    const expiresAt = flow.method === 'qr' ? flow.qrExpiresAt : flow.endsAt;
    return {
      state,
      message: flow.code && flow.method === 'code' ? codeSteps : message,
      flow_id: flow.id,
      ...(flow.method === 'qr' && flow.qr && { qr: flow.qr }),
      ...(flow.method === 'code' && flow.code && { code: flow.code }),
      ...(expiresAt !== undefined && {
        expires_at: new Date(expiresAt).toISOString(),
        seconds_left: Math.max(0, Math.ceil((expiresAt - this.#now()) / 1000)),
      }),
    };
  }

  /** The same for a polling caller; throws why a pairing was refused, until the next pairing starts. */
  status(): PairingView {
    const { refusal } = this.#session;
    if (refusal && this.#flow && !this.#pairing() && !this.#session.credentials()) throw refusal;
    return this.view();
  }

  async cancel(): Promise<OperationOutput<'connection.cancel_pairing'>> {
    await this.#session.stopPairing('The pairing was cancelled.');
    this.#flow = undefined;
    return { state: this.#session.status().state };
  }
}
