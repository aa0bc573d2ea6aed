import type { SimulatorContext } from '../context.ts';
import { announceIdle } from '../events.ts';
import { node, seconds } from '../wire/node.ts';

/** What somebody did with messages, as linked devices are told. */
export interface ReceiptOptions {
  /** Who did it: a person of the world, or the account itself on its phone. */
  from: string;
  /** The group, or for the account itself the chat; the direct chat with the person by default. */
  chat?: string;
  ids: readonly string[];
  /** `delivered` when left out. `read` of the account itself is told to its own devices alone. */
  type?: 'read' | 'played';
  /** Seconds since 1970; now by default. */
  timestamp?: number;
}

/** Queues a receipt for every linked device. */
export function sendReceipt(realm: SimulatorContext, { from, chat, ids, type, timestamp }: ReceiptOptions): void {
  const [id, ...more] = ids;
  if (id === undefined) throw new Error('a receipt for nothing');
  const own = realm.account.isMe(from);
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
  for (const device of realm.account.devices.values()) {
    device.deliver(node('receipt', attrs, list));
    announceIdle(realm, device);
  }
}
