import { AppError } from '../../../src/domain/errors.ts';
import type { Handlers } from '../../operations/catalog.ts';
import type { OperationContext } from './context.ts';

export function historyHandlers({ session, sink }: OperationContext) {
  return {
    async 'history.full'() {
      session.assertUsable();
      if (!session.credentials()) throw new AppError('not_linked', 'No phone is linked to the Baileys bridge.');
      await session.connect();
      session.connection?.history.resume();
      return { state: session.status().state, pending_chunks: sink.pendingChunks().length };
    },
  } satisfies Partial<Handlers>;
}
