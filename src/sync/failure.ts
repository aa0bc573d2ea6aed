import { AppError } from '../domain/errors.ts';
import { asStoreFailure } from '../store/files/failure.ts';

/**
 * Maps an error that stopped the worker for callers: `database_sync_failed` with the text, next step and `retryable` of
 * the file in question; `store_unavailable` for a search index alone. Other AppErrors stay as they are.
 */
export function asSyncFailure(error: unknown): AppError {
  const known = asStoreFailure(error);
  if (!known)
    return new AppError('database_sync_failed', 'The message database could not be written.', { cause: error });
  if (known.code !== 'store_unavailable' || known.details?.['file'] === 'search.db') return known;
  const { message, hint, retryable, details } = known;
  return new AppError('database_sync_failed', `${message} Rows that were not copied stay staged.`, {
    hint,
    retryable,
    ...(details && { details }),
    cause: error,
  });
}
