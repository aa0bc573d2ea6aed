import type { Handlers } from '../../operations/catalog.ts';
import { logout } from '../connection/logout.ts';
import type { OperationContext } from './context.ts';

export function connectionHandlers({ pairing, session }: OperationContext) {
  return {
    'connection.pair': (input, signal) => pairing.pair(input, signal),
    'connection.pairing_status': async () => pairing.status(),
    'connection.cancel_pairing': () => pairing.cancel(),
    async 'connection.logout'() {
      const was_linked = await logout(session);
      return { state: session.status().state, was_linked };
    },
  } satisfies Partial<Handlers>;
}
