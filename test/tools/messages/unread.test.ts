import { describe, expect, it } from 'vitest';
import { connect } from '../../support/fakes/connect.ts';
import { chatView, fakeServices, fakeStore, messageView } from '../../support/fakes/fake-services.ts';
import { storedPage } from '../../support/fakes/pages.ts';
import { shown } from '../../support/rows/shown.ts';

describe('list_unread', () => {
  it('answers chats with their unread lines and mentions', async () => {
    const { succeed } = await connect();
    expect(await succeed('list_unread')).toEqual(
      shown({
        success: true,
        total: 1,
        chats: [
          {
            ...{ ...chatView(), kind: null, pn: null, last_message_at: null, last_message: null, mentions_of_me: [] },
            lines: [{ id: '3EB0A1', content: 'Happy birthday', timestamp: '2025-02-01T10:00:00Z' }],
          },
        ],
        truncated: false,
        next_cursor: null,
      }),
    );
  });

  it('passes on how much is asked for', async () => {
    const store = fakeStore();
    const asked: unknown[] = [];
    const { unread } = store.chats;
    store.chats.unread = (options) => {
      asked.push(options);
      return unread(options);
    };
    const { succeed } = await connect(fakeServices({ store }));
    await succeed('list_unread', { lines: 1, limit: 4, cursor: 'c' });
    await succeed('list_unread');
    expect(asked).toEqual([
      { lines: 1, limit: 4, cursor: 'c' },
      { lines: 3, limit: 20 },
    ]);
  });

  it('keeps a page short: long lines are cut, of many mentions the newest are shown', async () => {
    const store = fakeStore();
    const long = messageView({ content: 'x'.repeat(60_000) });
    const mentions_of_me = Array.from({ length: 40 }, (_, n) => messageView({ id: `M${n}` }));
    store.chats.unread = () => ({
      ...storedPage([{ ...chatView(), lines: [long], mentions_of_me }]),
      total: 1,
    });
    const { succeed } = await connect(fakeServices({ store }));
    const result = await succeed('list_unread');
    expect(JSON.stringify(result).length).toBeLessThan(20_000);
    const [chat] = result['chats'] as { lines: object[]; mentions_of_me: { id: string }[] }[];
    expect(chat?.lines[0]).toMatchObject({ content_truncated: true });
    expect(chat?.mentions_of_me.map(({ id }) => id)).toEqual(mentions_of_me.slice(0, 10).map(({ id }) => id));
  });

  it('tells the time of the last message where no line does, and an address once beside a name', async () => {
    const store = fakeStore();
    const by = (id: string, sender: string) => messageView({ id, sender, sender_name: 'Ben' });
    const lines = [by('M1', 'a@lid'), by('M2', 'a@lid'), by('M3', 'b@lid')];
    const mine = { ...chatView().last_message!, id: 'MINE', is_from_me: true };
    const late = '2025-02-01T11:00:00Z';
    const chats = [
      { ...chatView(), last_message: mine, last_message_at: late, lines, mentions_of_me: [] },
      { ...chatView(), lines: [by('M4', 'b@lid')], mentions_of_me: [] },
    ];
    store.chats.unread = () => ({ ...storedPage(chats), total: 2 });
    const { succeed } = await connect(fakeServices({ store }));
    const [first, second] = (await succeed('list_unread'))['chats'] as { lines: Record<string, unknown>[] }[];
    expect(first).toMatchObject({ last_message_at: late, last_message: { id: 'MINE' } });
    expect([...first!.lines, ...second!.lines].map(({ sender }) => sender)).toEqual([
      'a@lid',
      undefined,
      'b@lid',
      undefined,
    ]);
  });

  it('answers chats alone when fields name no lines', async () => {
    const { succeed } = await connect();
    expect(await succeed('list_unread', { fields: ['name'], max_chars: 5 })).toMatchObject({
      chats: [{ chat_jid: '15550100002@s.whatsapp.net', name: 'Ada' }],
    });
    expect(await succeed('list_unread', { count_only: true })).toEqual({ success: true, total: 1, chats: [] });
    expect(await succeed('list_unread', { max_chars: 5 })).toMatchObject({
      chats: [{ lines: [{ content: 'Happy…', content_truncated: true }] }],
    });
  });
});
