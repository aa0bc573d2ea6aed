import { describe, expect, it } from 'vitest';
import { clipChat, clipContent, clipUnread } from '../../../src/tools/result/clip.ts';

describe('a long text in a list', () => {
  it('is cut and marked, a short one is left alone', () => {
    const cut = clipContent({ content: 'x'.repeat(5000) });
    expect(cut).toEqual({ content: `${'x'.repeat(4000)}…`, content_truncated: true });
    expect(clipContent({ content: 'short' })).toEqual({ content: 'short' });
  });

  it('is a preview as the last message of a chat', () => {
    const chat = { name: 'Ada', last_message: { content: 'x'.repeat(5000) } };
    expect(clipChat(chat).last_message.content).toHaveLength(201);
    expect(clipChat({ last_message: null })).toEqual({ last_message: null });
  });

  it('is a preview in what is unread, as long as was asked for, and so is the text of a mention', () => {
    const long = { content: 'x'.repeat(5000) };
    const chat = { last_message: long, lines: [long], mentions_of_me: Array.from({ length: 20 }, () => long) };
    const shown = (most?: number) => {
      const { last_message, lines, mentions_of_me } = clipUnread(chat, most);
      expect(mentions_of_me).toHaveLength(10);
      return [last_message, ...lines, ...mentions_of_me].map(({ content }) => content.length);
    };
    expect(new Set(shown())).toEqual(new Set([201]));
    expect(new Set(shown(7))).toEqual(new Set([8]));
  });
});
