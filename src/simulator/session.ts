import { type BinaryNode, getBinaryNodeChildren, type proto } from '@whiskeysockets/baileys';
import type { LinkedDevice } from './account/device.ts';
import type { Connection } from './connection.ts';
import type { SimulatorContext } from './context.ts';
import { announceIdle } from './events.ts';
import { answerIq } from './iq/answer.ts';
import type { Pairings } from './phone/pairing.ts';
import { deliverToParties } from './traffic/inbox.ts';
import { readSent } from './traffic/outgoing-stanza.ts';
import { relayMessage, relayReadReceipt, relayRetry } from './traffic/relay.ts';
import { children, node, SERVER, seconds } from './wire/node.ts';

/** Receipts with which a device reports an action of its user. */
const readReceiptTypes = new Set(['read', 'read-self', 'played', 'played-self']);

/** The session of a connection after encryption: registration or login, then stanzas. */
export class Session {
  private readonly context: SimulatorContext;
  private readonly pairings: Pairings;

  constructor(context: SimulatorContext, pairings: Pairings) {
    this.context = context;
    this.pairings = pairings;
  }

  onClientHello(connection: Connection, payload: proto.ClientPayload): void {
    if (this.context.faults.hits('hello')) connection.drop();
    // A client that leaves while its code is shown is not an error.
    else if (payload.devicePairingData) void this.pairings.offer(connection, payload).catch(() => undefined);
    else this.login(connection, payload.device ?? 0);
  }

  async stanza(connection: Connection, stanza: BinaryNode): Promise<void> {
    const { device } = connection;
    if (stanza.tag === 'iq') await answerIq(this.context, connection, stanza);
    else if (device && stanza.tag === 'receipt') await this.receipt(connection, device, stanza);
    else if (device && stanza.tag === 'ack') this.confirm(device, stanza, stanza.attrs['class'] ?? '', 'ack');
    else if (device && stanza.tag === 'message') await this.sent(connection, device, stanza);
  }

  closed(connection: Connection): void {
    this.pairings.forget(connection);
    connection.device?.detach(connection);
    this.context.events.emit('disconnected', {
      connection: connection.number,
      device: connection.device?.jid ?? null,
    });
  }

  private login(connection: Connection, number: number): void {
    const { account, faults, counters, events } = this.context;
    const device = account.devices.get(number);
    const planned = faults.nextLogin();
    if (planned !== undefined || !device?.noiseKey.equals(connection.clientKey)) {
      connection.fail(planned ?? 401);
      return;
    }
    const before = device.attach(connection);
    connection.device = device;
    counters.add('logins');
    counters.sessions(before?.open ? 2 : 1);
    before?.streamError({ conflict: 'replaced' });
    events.emit('login', { device: device.jid, connection: connection.number });
    if (faults.hits('login')) connection.drop();
    else connection.send(node('success', { t: seconds(), lid: device.lid, location: 'sim' }));
  }

  private async receipt(connection: Connection, device: LinkedDevice, receipt: BinaryNode): Promise<void> {
    const { context } = this;
    const { id, type, to, participant } = receipt.attrs;
    if (context.faults.hits('receipt')) {
      connection.drop();
      return;
    }
    connection.send(node('ack', { class: 'receipt', id, type, from: to, participant }));
    if (type === 'retry') {
      if (relayRetry(context, device, receipt)) return;
      if (!(await context.outbox.resend(device, receipt))) return;
      context.counters.add('resent');
      context.events.emit('resent', { device: device.jid, id: id ?? '' });
      return;
    }
    this.confirm(device, receipt, 'message', 'receipt');
    if (type && readReceiptTypes.has(type)) relayReadReceipt(context, device, receipt);
    if (type === 'hist_sync') context.events.emit('history_receipt', { device: device.jid, id: id ?? '' });
  }

  private confirm(device: LinkedDevice, stanza: BinaryNode, tag: string, by: 'receipt' | 'ack'): void {
    const { type, error, to } = stanza.attrs;
    const more = children(stanza).flatMap((list) => getBinaryNodeChildren(list, 'item'));
    for (const { attrs } of [stanza, ...more]) {
      const id = attrs['id'] ?? '';
      const waited = device.queue.confirm(tag, id, to);
      this.context.counters.confirmed(`${by} ${tag} ${type ?? 'delivered'}${error ? ` error ${error}` : ''}`);
      this.context.events.emit('acked', { device: device.jid, id, by, type, error });
      if (waited && by === 'receipt') this.context.counters.decrypted(device.jid);
      if (waited) announceIdle(this.context, device);
    }
  }

  /**
   * Handles a message of a linked device: acknowledges it and delivers it to its receivers; refuses it when it has
   * none.
   */
  private async sent(connection: Connection, device: LinkedDevice, message: BinaryNode): Promise<void> {
    const { id = '', to = '' } = message.attrs;
    const { parts, shared } = readSent(message);
    const forNobody = parts.length === 0 && !shared ? '479' : undefined;
    const t = seconds();
    connection.send(node('ack', { class: 'message', id, from: to || SERVER, t, error: forNobody }));
    this.context.events.emit('sent', { device: device.jid, id, to });
    if (forNobody) return;
    relayMessage(this.context, device, message, t);
    await deliverToParties(this.context, device, message);
  }
}
