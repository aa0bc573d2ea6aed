import type { EventSink } from '../../bridges/bridge.ts';
import { AppError } from '../domain/errors.ts';
import { asStoreFailure } from '../store/files/failure.ts';

/**
 * A sink that opens at the first use and retries at every use until it succeeds. A staging.db that cannot be opened
 * then blocks receiving, but not reading. Calls throw `store_unavailable` while a retry cannot help, and the error of
 * SQLite or the file system while it may.
 */
export function openedLater(open: () => EventSink): EventSink {
  let made: EventSink | undefined;
  const sink = (): EventSink => {
    if (made) return made;
    try {
      made = open();
      return made;
    } catch (error) {
      const failure = asStoreFailure(error);
      throw failure && !failure.retryable ? withStep(failure) : error;
    }
  };
  return {
    ingest: (batch) => sink().ingest(batch),
    announceChunk: (chunk, notification) => sink().announceChunk(chunk, notification),
    chunkStored: (id) => sink().chunkStored(id),
    chunkFailed: (id, reason) => sink().chunkFailed(id, reason),
    pendingChunks: () => sink().pendingChunks(),
    onLinked: (account) => sink().onLinked(account),
    onUnlinked: () => sink().onUnlinked(),
    waitingVotes: (pollId) => sink().waitingVotes(pollId),
    historySyncing: () => sink().historySyncing(),
    knownGaps: () => sink().knownGaps(),
  };
}

/** Appends the next step to the message, because a bridge shows only the message. */
function withStep({ code, message, hint, retryable, details }: AppError): AppError {
  return new AppError(code, `${message} ${hint}`, { hint, retryable, ...(details && { details }) });
}
