import { randomBytes } from 'node:crypto';
import { getBinaryNodeChild, type proto } from '@whiskeysockets/baileys';
import type { LinkedDevice, Registration } from '../account/device.ts';
import { sealDeviceIdentity } from '../account/device-identity.ts';
import type { Connection } from '../connection.ts';
import type { SimulatorContext } from '../context.ts';
import type { KeyBundle } from '../signal/signal.ts';
import { node, readUint, SERVER, seconds } from '../wire/node.ts';
import { WrongCode } from '../wire/pairing-code.ts';
import { newMessageId } from '../wire/stanza-id.ts';
import { announceDevices } from './phone.ts';

/** The number of codes that WhatsApp hands out before a client has to reconnect. */
const REFS = 6;

/** A code that cannot be scanned or typed, with its HTTP status. */
export class ScanError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

interface Offer {
  connection: Connection;
  registration: Registration;
}

/** How the account's phone behaves when it links devices. */
export interface PhoneBehaviour {
  /** WhatsApp asks for a passkey instead of linking the device. */
  passkey?: boolean;
}

/** Clients that show a code, and the phone that scans it or on which it is typed. */
export class Pairings {
  private readonly offers = new Map<string, Offer>();
  private readonly context: SimulatorContext;

  constructor(context: SimulatorContext) {
    this.context = context;
  }

  /** Sends the references that the client turns into QR codes. */
  async offer(connection: Connection, payload: proto.ClientPayload): Promise<void> {
    const registration = { noiseKey: connection.clientKey, bundle: readRegistration(payload) };
    const refs = Array.from({ length: REFS }, () => `2@${randomBytes(24).toString('base64url')}`);
    for (const ref of refs) this.offers.set(ref, { connection, registration });
    const content = refs.map((ref) => node('ref', {}, Buffer.from(ref)));
    await connection.ask(node('iq', { from: SERVER, type: 'set', xmlns: 'md' }, [node('pair-device', {}, content)]));
  }

  /** Connections of clients that show a code. */
  waiting(): { connection: Connection }[] {
    return [...new Set([...this.offers.values()].map(({ connection }) => connection))].map((connection) => ({
      connection,
    }));
  }

  forget(connection: Connection): void {
    connection.code?.abandon();
    for (const [ref, offer] of this.offers) if (offer.connection === connection) this.offers.delete(ref);
  }

  /** Plays the phone that scans. Resolves when the client has accepted the pairing; throws a ScanError otherwise. */
  async scan(qr: string, manner: PhoneBehaviour = {}): Promise<LinkedDevice> {
    const [ref = '', noiseKey, identity, advSecret = ''] = qr.slice(qr.indexOf('#') + 1).split(',');
    const offer = this.offers.get(ref);
    if (!offer?.connection.open) throw new ScanError(404, 'This code is not, or no longer, on any screen.');
    const { registration } = offer;
    const shown = [registration.noiseKey, registration.bundle.identity].map((key) =>
      Buffer.from(key).toString('base64'),
    );
    if (shown[0] !== noiseKey || shown[1] !== identity)
      throw new ScanError(400, 'The keys in this code are not those of its client.');
    return this.link(offer, advSecret, manner);
  }

  /** Plays the phone of this number, on which a code is typed; throws a ScanError when the code links no device. */
  async enter(code: string, phone: string, manner: PhoneBehaviour = {}): Promise<LinkedDevice> {
    const digits = phone.replace(/\D/g, '');
    const waits = ({ connection }: Offer) => connection.open && connection.code?.phone === digits;
    const offer = [...this.offers.values()].find(waits);
    if (!offer?.connection.code) throw new ScanError(404, 'No client waits for a code from this number.');
    const { connection, registration } = offer;
    try {
      const { phoneIdentity } = this.context.account;
      const send = connection.send.bind(connection);
      const secret = await offer.connection.code.exchange(code, phoneIdentity, registration.bundle.identity, send);
      return await this.link(offer, secret, manner);
    } catch (error) {
      if (error instanceof WrongCode) throw new ScanError(400, error.message);
      throw error;
    }
  }

  private async link({ connection, registration }: Offer, advSecret: string, manner: PhoneBehaviour) {
    if (manner.passkey) {
      connection.send(passkeyRequest());
      throw new ScanError(403, 'The account asks for a passkey.');
    }
    this.forget(connection);
    const device = this.context.account.register(registration);
    const reply = await connection.ask(this.pairSuccess(device, registration, advSecret)).catch(() => undefined);
    if (reply?.attrs['type'] !== 'result' || !getBinaryNodeChild(reply, 'pair-device-sign')) {
      this.context.account.unlink(device);
      throw new ScanError(409, 'The client did not accept the pairing.');
    }
    announceDevices(this.context, device);
    this.context.events.emit('paired', { device: device.jid });
    connection.streamError({ code: 515 });
    return device;
  }

  private pairSuccess(device: LinkedDevice, registration: Registration, advSecret: string) {
    const { phoneIdentity, me } = this.context.account;
    const sealed = sealDeviceIdentity(phoneIdentity, registration.bundle.identity, device.keyIndex, advSecret);
    return node('iq', { from: SERVER, type: 'set', xmlns: 'md' }, [
      node('pair-success', {}, [
        node('device-identity', {}, sealed),
        node('biz', { name: me.name }),
        node('device', { jid: device.jid, lid: device.lid }),
        node('platform', { name: 'android' }),
      ]),
    ]);
  }
}

/** The passkey request that replaces the phone's signature for accounts that require a passkey. */
function passkeyRequest() {
  const options = JSON.stringify({ challenge: randomBytes(32).toString('base64url'), rpId: 'whatsapp.com' });
  const attrs = { from: SERVER, type: 'passkey_prologue_request', id: newMessageId(), t: seconds() };
  return node('notification', attrs, [node('passkey_request_options', {}, Buffer.from(options))]);
}

function readRegistration(payload: proto.ClientPayload): KeyBundle {
  const data = payload.devicePairingData;
  const { eRegid, eIdent, eSkeyId, eSkeyVal, eSkeySig } = data ?? {};
  if (!eRegid || !eIdent || !eSkeyId || !eSkeyVal || !eSkeySig) throw new Error('registration is incomplete');
  return {
    registrationId: readUint(eRegid),
    identity: eIdent,
    signedPreKey: { id: readUint(eSkeyId), key: eSkeyVal, signature: eSkeySig },
  };
}
