import type { Simulator } from '../../../src/simulator/simulator.ts';
import type { Answer, ServedClient } from './client.ts';

/** Links the account with the tools and scans the code; does nothing on a linked account. */
export async function link({ call }: Pick<ServedClient, 'call'>, simulator: Simulator): Promise<void> {
  let pairing = await call('start_pairing');
  let scanned: unknown;
  while (pairing['state'] === 'pairing') {
    if (pairing['qr'] !== undefined && pairing['qr'] !== scanned) {
      scanned = pairing['qr'];
      await simulator.scan(String(scanned));
    }
    pairing = await call('get_pairing_status');
  }
}

/** Waits for the whole history; throws unless it ends as complete. */
export async function retrieve({ call }: Pick<ServedClient, 'call'>): Promise<Answer> {
  const history = await call('retrieve_full_history', { wait_for_completion: true, timeout: 100 }, () => {});
  if (history['status'] !== 'completed') throw new Error(`the history is ${history['status']}`);
  return history;
}
