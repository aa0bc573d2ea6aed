import { describe, expect, it } from 'vitest';
import { connect } from '../../support/fakes/connect.ts';
import { chatView, fakeServices, fakeStore, historyProgress } from '../../support/fakes/fake-services.ts';
import { storedPage } from '../../support/fakes/pages.ts';
import { shown } from '../../support/rows/shown.ts';

const waiting = { progress: () => historyProgress(), pendingRows: () => 2 };

describe('list_chats', () => {
  it('answers chats with their last message, and that history is waiting', async () => {
    const { succeed } = await connect(fakeServices({ history: waiting }));
    expect(await succeed('list_chats')).toEqual(
      shown({
        success: true,
        total: 1,
        chats: [{ ...chatView(), kind: null, pn: null, last_message: { id: '3EB0A1', content: 'Happy birthday' } }],
        truncated: false,
        next_cursor: null,
        pending_sync: 2,
        next_step: expect.any(String),
      }),
    );
  });

  it('leaves out the kind that the address shows, that all is read, and a text that is none', async () => {
    const store = fakeStore();
    const photo = { ...chatView().last_message!, content: '', type: 'image' as const };
    const rows = [
      chatView({ unread_count: 0, last_message: photo }),
      chatView({ chat_jid: '120363000000000001@g.us', kind: 'group' }),
      chatView({ chat_jid: '120363000000000002@g.us', kind: 'community' }),
    ];
    store.chats.list = () => ({ ...storedPage(rows), total: 3 });
    const { succeed } = await connect(fakeServices({ store }));
    const chats = (await succeed('list_chats'))['chats'] as Record<string, unknown>[];
    expect(chats.map(({ kind, unread_count }) => [kind, unread_count])).toEqual([
      [undefined, undefined],
      [undefined, 1],
      ['community', 1],
    ]);
    expect(chats[0]).toMatchObject({ last_message: { id: '3EB0A1', type: 'image' } });
    expect(chats[0]?.['last_message']).not.toHaveProperty('content');
  });

  it('passes its filters on', async () => {
    const store = fakeStore();
    const asked: unknown[] = [];
    const { list } = store.chats;
    store.chats.list = (options) => {
      asked.push(options);
      return list(options);
    };
    const { succeed } = await connect(fakeServices({ store }));
    await succeed('list_chats', { query: 'a', archived: false, kind: 'group', sort_by: 'name', limit: 3, cursor: 'c' });
    await succeed('list_chats', { query: null });
    expect(asked).toEqual([
      { query: 'a', archived: false, kind: 'group', sort_by: 'name', limit: 3, cursor: 'c' },
      { sort_by: 'last_active', limit: 50 },
    ]);
  });

  it('cuts a long last message', async () => {
    const store = fakeStore();
    const last_message = { ...chatView().last_message!, content: 'x'.repeat(60_000) };
    store.chats.list = () => ({ ...storedPage([chatView({ last_message })]), total: 1 });
    const { succeed } = await connect(fakeServices({ store }));
    const [chat] = (await succeed('list_chats'))['chats'] as { last_message: object }[];
    expect(chat?.last_message).toMatchObject({ content_truncated: true });
  });
});

describe('get_chat', () => {
  it('answers one chat with the number of its messages', async () => {
    const { succeed } = await connect();
    expect(await succeed('get_chat', { chat_jid: 'Ada' })).toEqual(
      shown({
        success: true,
        chat: { ...chatView(), total_messages: 1, participants: null, participant_count: null },
        truncated: false,
      }),
    );
  });

  it('names as many members of a large group as fit, and says how many there are', async () => {
    const store = fakeStore();
    const participants = Array.from({ length: 1000 }, (_, n) => ({
      jid: `${n}@lid`,
      name: 'Ada',
      role: 'member' as const,
    }));
    store.chats.get = () => ({ ...chatView({ kind: 'group' }), total_messages: 1, participants });
    const { succeed } = await connect(fakeServices({ store }));
    const result = await succeed('get_chat', { chat_jid: 'Ada' });
    expect(JSON.stringify(result).length).toBeLessThan(20_000);
    const chat = result['chat'] as { participants: unknown[]; participant_count: number };
    expect(result['truncated']).toBe(true);
    expect(chat.participant_count).toBe(1000);
    expect(chat.participants).toEqual(participants.slice(0, chat.participants.length));
    expect(chat.participants.length).toBeGreaterThan(100);
  });
});
