import { AppError } from '../../../src/domain/errors.ts';
import type { BridgeState } from '../../../src/domain/states.ts';
import type { BridgeStatus, KeyValueStore } from '../../bridge.ts';
import { UnsyncedCollections } from '../app-state/unsynced-collections.ts';
import { accountOf, assertSameEnvironment, isLinked, newCredentials, readCredentials } from '../library/credentials.ts';
import { type AuthenticationCreds, loadLibrary, type SocketEvents } from '../library/library.ts';
import { type Connection, openConnection } from './connection.ts';
import { DeviceLease } from './device-lease.ts';
import { createObservableState } from './observable-state.ts';
import { codeOf, decide } from './reconnect.ts';
import type { SessionDeps } from './session-deps.ts';
import { statusOf, unreadable } from './session-status.ts';

type Update = NonNullable<SocketEvents['connection.update']>;

/** States that a reconnect cannot leave. */
const finalStates: ReadonlySet<BridgeState> = new Set(['replaced', 'restricted', 'outdated']);

/**
 * The life cycle of one linked device: which process holds it, when it connects, what happens when the connection ends.
 */
export class Session {
  readonly box = createObservableState('down');
  /** Set during pairing: receives every QR text. */
  onQr: ((qr: string) => void) | undefined;
  /** Why we refused the last attempt. */
  refusal: AppError | undefined;
  readonly #deps: SessionDeps;
  #keys: KeyValueStore | undefined;
  #connection: Connection | undefined;
  #creds: AuthenticationCreds | undefined; // set while connected; otherwise every use reads them from the store
  #generation = 0;
  #attempt = 0;
  #same = { code: undefined as number | undefined, times: 0 }; // how the last attempts ended in a row
  #openedAt = 0;
  #hasOffered = false; // a QR text has arrived
  #isClaimed = false; // the store has recorded the account
  #timer: NodeJS.Timeout | undefined;
  readonly #lease: DeviceLease;
  #stoppedAs: string | undefined; // the device whose connection ended in a final state
  #closed = false;

  constructor(deps: SessionDeps) {
    this.#deps = deps;
    this.#lease = new DeviceLease(deps.lock, deps.timing.lockWatch, () => void this.connect());
  }

  get connection(): Connection | undefined {
    return this.#connection;
  }

  credentials(): AuthenticationCreds | null {
    if (this.#creds && isLinked(this.#creds)) return this.#creds;
    return this.#closed ? null : readCredentials(this.#open());
  }

  status(): BridgeStatus {
    try {
      const { state, message } = this.box;
      const creds = this.credentials();
      return statusOf({
        state,
        message,
        creds,
        isIdle: !this.#connection && this.#timer === undefined && state === 'down' && message === null,
        historySyncing: () => this.#deps.sink.historySyncing(),
        gaps: this.#deps.sink.knownGaps(),
        missingSettings: creds && !this.#closed ? new UnsyncedCollections(this.#open()).missing() : [],
        owner: this.#lease.owner,
      });
    } catch (error) {
      return unreadable(error);
    }
  }

  /** Throws the reason why the device cannot be used, before any connection. */
  assertUsable(): void {
    const creds = this.credentials();
    if (creds) assertSameEnvironment(creds, this.#deps.config.simulator !== null);
  }

  async connect(): Promise<void> {
    if (this.#closed || this.#creds || this.#timer) return;
    const creds = this.#readable();
    if (creds === undefined) return;
    if (!creds) return this.#idle();
    if (finalStates.has(this.box.state) && creds.me?.id === this.#stoppedAs) return; // new credentials start again
    if (!this.#mayUse(creds) || !this.#acquire()) return;
    this.#attempt = 0;
    await this.#start(creds);
  }

  /** Credentials; null when there are none, undefined when the store cannot be read. */
  #readable(): AuthenticationCreds | null | undefined {
    try {
      return this.credentials();
    } catch {
      return undefined;
    }
  }

  #idle(): void {
    this.#lease.stopPolling();
    if (this.box.state !== 'logged_out' && this.box.state !== 'unlinked') this.box.set('unlinked');
  }

  #mayUse(creds: AuthenticationCreds): boolean {
    try {
      assertSameEnvironment(creds, this.#deps.config.simulator !== null);
      return true;
    } catch (error) {
      this.box.set('down', (error as AppError).message);
      return false;
    }
  }

  /** Opens a socket that is not linked yet, so that WhatsApp sends QR texts. */
  async startPairing(): Promise<void> {
    if (!this.#acquire())
      throw new AppError('bridge_unavailable', this.box.message ?? 'Another process owns the device.');
    const library = await loadLibrary();
    this.#hasOffered = false;
    this.refusal = undefined;
    this.box.set('pairing', 'Waiting for the phone.');
    await this.#start(newCredentials(library, this.#deps.config.simulator !== null));
  }

  /** Ends an incomplete pairing. */
  async stopPairing(message: string | null): Promise<void> {
    if (this.#creds ? isLinked(this.#creds) : this.box.state !== 'pairing') return;
    await this.#closeConnection();
    this.#lease.release();
    this.box.set('unlinked', message);
  }

  /** Deletes the keys of a device that is no longer linked. Received messages stay. */
  async forget(message: string): Promise<void> {
    await this.#closeConnection();
    this.#forget();
    this.box.set('unlinked', message);
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#closeConnection();
    this.#lease.end();
    this.#keys?.close();
    this.#keys = undefined;
    this.box.set('down', 'Closed.');
  }

  #open(): KeyValueStore {
    this.#keys ??= this.#deps.openKeys();
    return this.#keys;
  }

  #acquire(): boolean {
    const refused = this.#lease.acquire();
    if (refused !== null) this.box.set('down', refused);
    return refused === null;
  }

  async #start(creds: AuthenticationCreds): Promise<void> {
    this.#creds = creds;
    const generation = ++this.#generation;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (isLinked(creds)) this.box.set('connecting', this.#attempt > 0 ? this.box.message : null);
    const mine = () => generation === this.#generation;
    try {
      if (isLinked(creds) && !this.#isClaimed) this.#claim(creds); // before any row of this account is stored
      const hooks = {
        onUpdate: (update: Update) => mine() && this.#onUpdate(update),
        onFailure: (error: unknown) => mine() && this.#onFailure(error),
        onLinked: () => this.#onLinked(),
      };
      const library = await loadLibrary();
      const connection = await openConnection({ library, keys: this.#open(), creds, deps: this.#deps, hooks });
      if (mine()) this.#connection = connection;
      else await connection.end();
    } catch (error) {
      if (mine()) this.#onFailure(error);
    }
  }

  /** Records the account in the store at every login; throws when the store belongs to another account. */
  #claim(creds: AuthenticationCreds): void {
    const account = accountOf(creds);
    if (account) this.#deps.sink.onLinked({ jid: account.pn, lid: account.lid });
    this.#open().journalPrune(this.#deps.timing.journalKept);
    this.#isClaimed = true;
  }

  #onUpdate(update: Update): void {
    if (update.qr) {
      this.#hasOffered = true;
      this.onQr?.(update.qr);
    }
    if (update.connection === 'open') this.#onOpen();
    if (update.connection === 'close') this.#onClose(codeOf(update.lastDisconnect?.error));
  }

  #onLinked(): void {
    if (this.#creds) this.#claim(this.#creds);
    this.box.set('connecting', 'The phone linked this device.');
  }

  #onOpen(): void {
    this.#openedAt = this.#deps.now();
    try {
      if (this.#creds) this.#claim(this.#creds);
      this.#connection?.history.resume();
      this.box.set('ready');
      this.#connection?.opened();
    } catch (error) {
      this.#onFailure(error);
    }
  }

  /** The store failed. Rows that are not stored stay in the journal and are replayed at the next connect. */
  #onFailure(error: unknown): void {
    if (error instanceof AppError) return void this.#refuse(error);
    this.#deps.log.error(
      { error: error instanceof Error ? error.name : 'unknown' },
      'received data could not be stored',
    );
    this.#retry(408, 'The local store could not take what arrived.');
  }

  /** Ends a connection to another account or the wrong environment, and deletes the keys of its pairing. */
  async #refuse(error: AppError): Promise<void> {
    const pairing = this.box.state === 'pairing';
    this.refusal = error;
    await this.#closeConnection();
    if (pairing) this.#open().wipe();
    this.#lease.release();
    this.box.set(pairing ? 'unlinked' : 'down', error.message);
  }

  #onClose(code: number | undefined): void {
    const generation = this.#generation;
    this.#connection?.flush();
    if (generation !== this.#generation) return; // the store failed, and #onFailure has handled it
    const creds = this.#creds;
    // A new connection sends new QR texts and invalidates a pairing code that the user may be typing.
    if (creds && !isLinked(creds) && (code !== 515 || creds.pairingCode !== undefined)) {
      const reason = code === 408 && this.#hasOffered ? 'Nobody used the code in time.' : decide(code, 1, 0).reason;
      return void this.stopPairing(`${reason} Start the pairing again.`);
    }
    this.#retry(code);
  }

  #retry(code: number | undefined, reasonHere?: string): void {
    const { timing, now } = this.#deps;
    if (this.#openedAt > 0 && now() - this.#openedAt >= timing.stable) this.#attempt = 0;
    this.#openedAt = 0;
    this.#attempt++;
    const times = this.#same.code === code && this.#attempt > 1 ? this.#same.times + 1 : 1;
    this.#same = { code, times };
    const decision = decide(code, this.#attempt, Math.random(), times);
    const reason = reasonHere ?? decision.reason;
    const creds = this.#creds;
    const dropped = this.#closeConnection();
    if (decision.action === 'stop' || !creds) {
      this.#stoppedAs = creds?.me?.id;
      if (decision.action === 'stop' && decision.forget) this.#forget();
      this.box.set(decision.action === 'stop' ? decision.state : 'down', reason);
      return;
    }
    const delayMs = decision.delayMs * timing.backoffFactor;
    const generation = this.#generation;
    const again = async () => {
      await dropped;
      if (!this.#closed && generation === this.#generation) await this.#start(creds);
    };
    this.#timer = setTimeout(again, delayMs); // kept until #start, so that connect() does not open a second socket
    if (!isLinked(creds)) return; // the pairing continues with new codes
    this.box.set(this.#attempt > 3 ? 'down' : 'connecting', delayMs > 0 ? `${reason} Trying again.` : reason);
  }

  /** The phone removed this device: deletes its keys. Received messages stay. */
  #forget(): void {
    this.#open().wipe();
    this.#isClaimed = false;
    this.#lease.release();
    this.#deps.sink.onUnlinked();
  }

  /** Closes the socket and ignores its later events. */
  async #closeConnection(): Promise<void> {
    const connection = this.#connection;
    this.#connection = undefined;
    this.#creds = undefined;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const ending = connection?.end(); // flushes buffered events, so this runs before the generation changes
    this.#generation++;
    await ending?.catch(() => undefined);
  }
}
