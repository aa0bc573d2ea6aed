import type { UndecryptableMessage } from '../../../src/domain/message.ts';
import type { Library, WAMessage } from '../library/library.ts';
import { chatOf } from '../translate/key.ts';

/** Messages that arrived and could not be read, and those of them that came again readable. */
export interface UndecryptableTracker {
  look(messages: readonly WAMessage[], nowMs: number): UndecryptableMessage[];
}

/**
 * The library asks the sender for an unreadable message, and then the phone; what neither sends again stays a gap. What
 * comes again need not be a row (a reaction, say), so the watch remembers whom it waits for.
 */
export function createGapWatch(library: Library): UndecryptableTracker {
  const { CIPHERTEXT } = library.proto.WebMessageInfo.StubType;
  const open = new Map<string, string>();
  return {
    look: (messages, at) =>
      messages.flatMap((message): UndecryptableMessage[] => {
        const messageId = message.key.id;
        if (!messageId) return [];
        const unreadable = message.messageStubType === CIPHERTEXT;
        const chatJid = unreadable ? chatOf(message.key) : open.get(messageId);
        if (!chatJid) return [];
        if (unreadable) open.set(messageId, chatJid);
        else open.delete(messageId);
        return [{ chatJid, messageId, reason: 'unreadable', at, healed: !unreadable }];
      }),
  };
}
