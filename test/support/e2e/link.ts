import type { Simulator } from '../../../src/simulator/simulator.ts';
import { poll } from '../poll.ts';
import type { Answer, ServedClient } from './client.ts';

/** Links the account with the tools and scans the code; does nothing on a linked account. */
export async function link({ call }: Pick<ServedClient, 'call'>, simulator: Simulator): Promise<void> {
  let next = 'start_pairing';
  let scanned: unknown;
  const step = async () => {
    const { state, qr } = await call(next);
    next = 'get_pairing_status';
    if (state !== 'pairing' || qr === undefined || qr === scanned) return state;
    scanned = qr;
    await simulator.scan(String(qr));
    return state;
  };
  await poll(step, (state) => state !== 'pairing');
}

/** Links a bridge and waits until it has a connection; resolves to the first and the last state. */
export async function linkBridge(
  call: ServedClient['call'],
  simulator: Simulator,
  bridge: 'baileys' | 'whatsmeow' = 'baileys',
): Promise<{ begun: Answer; ended: Answer }> {
  const begun = await call('start_pairing', { bridge });
  if (begun['state'] === 'pairing') await simulator.scan(String(begun['qr']));
  const ended = await poll(
    () => call('get_pairing_status', { bridge }),
    ({ state }) => state !== 'pairing' && state !== 'connecting',
  );
  return { begun, ended };
}

/** Waits for the whole history; throws unless it ends as complete. */
export async function retrieve({ call }: Pick<ServedClient, 'call'>): Promise<Answer> {
  const history = await call('retrieve_full_history', { wait_for_completion: true, timeout: 100 }, () => {});
  if (history['status'] !== 'completed') throw new Error(`the history is ${history['status']}`);
  return history;
}
