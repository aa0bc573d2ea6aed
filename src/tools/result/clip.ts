import { clipText } from '../../domain/cut.ts';

const contentCharacters = 4_000;
const previewCharacters = 200;

/** Cuts the text of a long message in lists; get_message has the whole. */
export function clipContent<T extends { content: string }>(
  message: T,
  most = contentCharacters,
): T & { content_truncated?: true } {
  if (message.content.length <= most) return message;
  return { ...message, content: clipText(message.content, most), content_truncated: true };
}

/** The same with its snippet cut too. */
export function clipFound<T extends { content: string; snippet: string }>(message: T, most = contentCharacters) {
  return { ...clipContent(message, most), snippet: clipText(message.snippet, most) };
}

type WithLastMessage = { last_message: { content: string } | null };

/** A chat with a preview of its last message. */
export const clipChat = <T extends WithLastMessage>(chat: T, most = previewCharacters): T => ({
  ...chat,
  last_message: chat.last_message && clipContent(chat.last_message, most),
});

type WithLines<T> = WithLastMessage & { lines: T[]; mentions_of_me: T[] };
const maxMentions = 10;

/** A chat with previews of what is unread in it. */
export const clipUnread = <T extends { content: string }, C extends WithLines<T>>(
  chat: C,
  most = previewCharacters,
): C => ({
  ...clipChat(chat, most),
  lines: chat.lines.map((line) => clipContent(line, most)),
  mentions_of_me: chat.mentions_of_me.slice(0, maxMentions).map((line) => clipContent(line, most)),
});
