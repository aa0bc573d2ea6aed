import { AppError } from '../domain/errors.ts';
import type { Logger } from '../log.ts';
import { asStoreFailure } from '../store/files/failure.ts';
import type { Completion, CompletionSubject, Reader } from '../store/reader.ts';

/** The most that the protocol lets one answer offer. */
const mostValues = 100;

/** What prompts and completions ask of the store; no bridge is connected for it. Throws `AppError` alone. */
export interface Lookup {
  complete(subject: CompletionSubject, typed: string): Promise<Completion>;
  /** The canonical JID that a JID, a number or an exact name means; throws `not_found` or `ambiguous_recipient`. */
  resolve(recipient: string): Promise<string>;
}

/** Asks the store when something is looked up, not before. */
export function createLookup(store: () => Pick<Reader, 'chats' | 'completions'>, log: Pick<Logger, 'error'>): Lookup {
  async function guarded<T>(work: () => T): Promise<T> {
    try {
      return work();
    } catch (error) {
      const known = asStoreFailure(error);
      if (known) throw known;
      log.error({ err: error }, 'looking up failed');
      throw new AppError('internal', 'An unexpected error; the log on stderr has it.', { cause: error });
    }
  }
  return {
    complete: (subject, typed) => guarded(() => store().completions.complete(subject, typed, mostValues)),
    resolve: (recipient) => guarded(() => store().chats.resolve(recipient)),
  };
}
