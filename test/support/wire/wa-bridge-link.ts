import type { Simulator } from '../../../src/simulator/simulator.ts';
import type { StartedWaBridge } from './wa-bridge.ts';

/** Links the real wa-bridge to the phone of a simulated account; resolves with the address of the new device. */
export async function linkWaBridge(bridge: StartedWaBridge, simulator: Simulator): Promise<string> {
  const pairing = await bridge.call('connection.pair', { method: 'qr' });
  return simulator.scan(String(pairing['qr']));
}
