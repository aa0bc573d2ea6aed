import type { UndecryptableMessage } from '../../../src/domain/message.ts';
import type { Library, WAMessage } from '../library/library.ts';
import { chatOf } from '../translate/key.ts';

/** Messages that could not be decrypted, and those that arrived again in readable form. */
export interface UndecryptableTracker {
  track(messages: readonly WAMessage[], nowMs: number): UndecryptableMessage[];
}

/**
 * The library requests an undecryptable message from the sender, then from the phone; it remains a gap if neither sends
 * it. The resent message may not be a row (a reaction, for example), so the tracker remembers the keys.
 */
export function createUndecryptableTracker(library: Library): UndecryptableTracker {
  const { CIPHERTEXT } = library.proto.WebMessageInfo.StubType;
  const open = new Map<string, string>();
  return {
    track: (messages, at) =>
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
