import type { SimulatorContext } from '../context.ts';
import { announceIdle } from '../events.ts';
import { node, seconds } from '../wire/node.ts';

/** An action on messages, as linked devices are notified of it. */
export interface ReceiptOptions {
  /** The actor: a person of the world, or the account itself on its phone. */
  from: string;
  /** The group, or the chat of the account's own action; the direct chat with the person by default. */
  chat?: string;
  ids: readonly string[];
  /** `delivered` by default. Only the account's own devices are notified of its own `read`. */
  type?: 'read' | 'played';
  /** Seconds since 1970; now by default. */
  timestamp?: number;
}

/** Queues a receipt for every linked device. */
export function sendReceipt(context: SimulatorContext, { from, chat, ids, type, timestamp }: ReceiptOptions): void {
  const [id, ...more] = ids;
  if (id === undefined) throw new Error('a receipt for nothing');
  const own = context.account.isMe(from);
  const group = chat?.endsWith('@g.us') ? chat : undefined;
  const attrs = {
    from: group ?? from,
    id,
    t: timestamp ?? seconds(),
    type: own && type === 'read' ? 'read-self' : type,
    participant: group && from,
    recipient: own && !group ? chat : undefined,
  };
  const list =
    more.length > 0
      ? [
          node(
            'list',
            {},
            more.map((item) => node('item', { id: item })),
          ),
        ]
      : undefined;
  for (const device of context.account.devices.values()) {
    device.deliver(node('receipt', attrs, list));
    announceIdle(context, device);
  }
}
