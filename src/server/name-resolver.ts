import { AppError } from '../domain/errors.ts';
import type { Logger } from '../log.ts';
import { asStoreFailure } from '../store/files/failure.ts';
import type { Completion, CompletionSubject, Reader } from '../store/reader.ts';

/** The most that the protocol lets one answer offer. */
const maxValues = 100;

/** What prompts and completions ask of the store; no bridge is connected for it. Throws `AppError` alone. */
export interface NameResolver {
  complete(subject: CompletionSubject, typed: string, signal?: AbortSignal): Promise<Completion>;
  /**
   * The canonical JID that a JID, a number or an exact name means among these; throws `not_found`,
   * `ambiguous_recipient`, or `invalid_input` for what is of another kind.
   */
  resolve(subject: CompletionSubject, recipient: string, signal?: AbortSignal): Promise<string>;
}

type Resolve = (store: Pick<Reader, 'chats' | 'communities'>, recipient: string) => string;

const resolvers: Record<CompletionSubject, Resolve> = {
  chats: ({ chats }, recipient) => chats.resolve(recipient),
  contacts: ({ chats }, recipient) => chats.resolve(recipient),
  communities: ({ communities }, recipient) => communities.resolve(recipient),
};

/** Asks the store when something is looked up, not before. */
export function createNameResolver(
  store: () => Pick<Reader, 'chats' | 'communities' | 'completions'>,
  log: Pick<Logger, 'error'>,
): NameResolver {
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
    complete: (subject, typed) => guarded(() => store().completions.complete(subject, typed, maxValues)),
    resolve: (subject, recipient) => guarded(() => resolvers[subject](store(), recipient)),
  };
}
