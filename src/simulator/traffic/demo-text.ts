import type { SimulatorContext } from '../context.ts';
import { newMessageId } from '../wire/stanza-id.ts';
import type { LiveSender } from './live.ts';

/** A message that every linked device has confirmed. */
export interface DemoText {
  id: string;
  /** The sender, in the direct chat with the account. */
  from: string;
  /** Addresses of the linked devices that confirmed it. */
  confirmed: string[];
}

/**
 * The first person with both a phone number and a LID writes a text now; resolves once every linked device has
 * confirmed it.
 */
export async function sendDemoText(context: SimulatorContext, live: LiveSender, text: string): Promise<DemoText> {
  const from = context.world.people.find(({ pn, lid }) => pn !== undefined && lid !== undefined)?.pn;
  if (from === undefined) throw new Error('nobody here is known by both addresses');
  const id = newMessageId();
  const confirmed = new Set<string>();
  const confirmations = [...context.account.devices.values()].map(async ({ jid }) => {
    // A device that could not decrypt it requests it again first and confirms it only after that.
    await context.events.next('acked', (ack) => ack.device === jid && ack.id === id && isTaken(ack));
    confirmed.add(jid);
  });
  await live.send({ from, id, message: { conversation: text } });
  await Promise.all(confirmations);
  return { id, from, confirmed: [...confirmed].sort() };
}

const isTaken = ({ type, error }: { type: string | undefined; error: string | undefined }): boolean =>
  type !== 'retry' && error === undefined;
