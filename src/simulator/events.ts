import { EventEmitter } from 'node:events';
import type { proto } from '@whiskeysockets/baileys';

/** Events that a test can wait for. `device` is the PN address of a linked device, with its number. */
export interface SimulatorEvents {
  /** A websocket was opened. */
  connected: { connection: number };
  /** A QR code was scanned and the client accepted the phone's signature. */
  paired: { device: string };
  /** A linked device proved its key and got `<success>`. */
  login: { device: string; connection: number };
  /** A linked device is ready: its queue has been delivered. */
  active: { device: string; redelivered: number };
  /** A linked device confirmed a stanza by receipt or ack; `error` is set when it refused it. */
  acked: { device: string; id: string; by: 'receipt' | 'ack'; type: string | undefined; error: string | undefined };
  /** The receipt that confirms a history notification. */
  history_receipt: { device: string; id: string };
  /** One history notification was sent to a device. `done` marks the last of the plan. */
  history_sent: { device: string; id: string; syncType: number; progress: number; chunkOrder: number; done: boolean };
  /** A message was sent again at a device's request. */
  resent: { device: string; id: string };
  /** A linked device sent a message. */
  sent: { device: string; id: string; to: string };
  /** The phone or a contact decrypted a message of a linked device. */
  received: { by: string; device: string; id: string; message: proto.IMessage };
  /** Nothing is queued for a device and no work that adds to its queue is pending. */
  idle: { device: string };
  unanswered_iq: { device: string | null; kind: string };
  disconnected: { connection: number; device: string | null };
  media_get: { path: string; status: number };
  /** Half of a file was sent, and the rest will not follow: a fault of a test. */
  media_half: { path: string };
}

export type EventName = keyof SimulatorEvents;

/** Typed events. `next` has no timeout: the test that waits has a limit of its own. */
export class Events {
  private readonly emitter = new EventEmitter().setMaxListeners(0);

  emit<E extends EventName>(event: E, payload: SimulatorEvents[E]): void {
    this.emitter.emit(event, payload);
  }

  /** Returns the function that stops listening. */
  on<E extends EventName>(event: E, listener: (payload: SimulatorEvents[E]) => void): () => void {
    this.emitter.on(event, listener);
    return () => this.emitter.off(event, listener);
  }

  /** The next payload for which the predicate holds. */
  next<E extends EventName>(
    event: E,
    predicate: (payload: SimulatorEvents[E]) => boolean = () => true,
  ): Promise<SimulatorEvents[E]> {
    return new Promise((resolve) => {
      const off = this.on(event, (payload) => {
        if (!predicate(payload)) return;
        off();
        resolve(payload);
      });
    });
  }
}

/** Announces that a device is idle, when nothing is left to deliver to it. */
export function announceIdle({ events }: { events: Events }, device: { idle: boolean; jid: string }): void {
  if (device.idle) events.emit('idle', { device: device.jid });
}
