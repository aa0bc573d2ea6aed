import type { proto } from '../library/library.ts';
import { hiddenFields, readers } from './content.ts';

export interface Unwrapped {
  /** The innermost message. */
  message: proto.IMessage;
  viewOnce: boolean;
}

/** Fields that hold a whole message inside. */
const wrappers = [
  'ephemeralMessage',
  'viewOnceMessage',
  'viewOnceMessageV2',
  'viewOnceMessageV2Extension',
  'documentWithCaptionMessage',
  'editedMessage',
  'deviceSentMessage',
  'groupMentionedMessage',
  'associatedChildMessage',
  'botInvokeMessage',
  'botForwardedMessage',
  'botTaskMessage',
  'lottieStickerMessage',
  'limitSharingMessage',
  'questionMessage',
  'questionReplyMessage',
  'pollCreationMessageV4',
  'commentMessage',
] as const satisfies readonly (keyof proto.IMessage)[];

/** Removes all envelopes. WhatsApp nests three or four at most; the limit guards against hostile nesting. */
export function unwrap(message: proto.IMessage): Unwrapped {
  let inner = message;
  let viewOnce = false;
  for (let depth = 0; depth < 10; depth++) {
    const wrapper = wrappers.find((name) => inner[name]?.message);
    if (!wrapper) break;
    viewOnce ||= wrapper.startsWith('viewOnce');
    inner = inner[wrapper]?.message ?? {};
  }
  return { message: inner, viewOnce };
}

/** The visible field, preferably one with a reader; undefined when the message shows nothing. */
export function visibleField(message: proto.IMessage): string | undefined {
  const fields = Object.entries(message).filter(
    ([name, value]) => value !== null && value !== undefined && !hiddenFields.has(name),
  );
  return (fields.find(([name]) => name in readers) ?? fields[0])?.[0];
}
