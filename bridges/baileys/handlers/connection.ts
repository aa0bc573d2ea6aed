import type { Handlers } from '../../operations/catalog.ts';
import type { Pairing } from '../pairing.ts';

export function connectionHandlers(pairing: Pairing) {
  return {
    'connection.pair': (input, signal) => pairing.pair(input, signal),
    'connection.pairing_status': async () => pairing.view(),
    'connection.cancel_pairing': () => pairing.cancel(),
  } satisfies Partial<Handlers>;
}
