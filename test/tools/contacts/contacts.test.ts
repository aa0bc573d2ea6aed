import { describe, expect, it } from 'vitest';
import { AppError } from '../../../src/domain/errors.ts';
import { connect } from '../../support/fakes/connect.ts';
import { contactView, fakeServices, fakeStore, historyProgress } from '../../support/fakes/fake-services.ts';
import { storedPage } from '../../support/fakes/pages.ts';
import { shown } from '../../support/rows/shown.ts';

const waiting = { progress: () => historyProgress(), pendingRows: () => 2 };

describe('search_contacts', () => {
  it('answers people, and that history is waiting', async () => {
    const { succeed } = await connect(fakeServices({ history: waiting }));
    expect(await succeed('search_contacts', { query: 'ada' })).toEqual(
      shown({
        success: true,
        total: 1,
        contacts: [contactView()],
        truncated: false,
        next_cursor: null,
        pending_sync: 2,
        next_step: expect.any(String),
      }),
    );
  });

  it('passes on what is asked for, and cuts a page that is too long', async () => {
    const store = fakeStore();
    const asked: unknown[][] = [];
    store.contacts.search = (...args) => {
      asked.push(args);
      const items = Array.from({ length: args[1] }, () => contactView({ saved_name: 'x'.repeat(500) }));
      return { ...storedPage(items, 'next'), total: 500 };
    };
    const { succeed } = await connect(fakeServices({ store }));
    const result = await succeed('search_contacts', { query: ' Ada ', limit: 100, cursor: 'c' });
    expect(asked[0]).toEqual(['Ada', 100, 'c']);
    expect((result['contacts'] as unknown[]).length).toBeLessThan(100);
    expect(JSON.stringify(result).length).toBeLessThan(20_000);
    expect(result).toMatchObject({
      truncated: true,
      next_cursor: `after ${(result['contacts'] as []).length}`,
      total: 500,
    });
  });

  it('needs something to look for', async () => {
    const { fail } = await connect();
    expect(await fail('search_contacts', { query: ' ' })).toMatchObject({ error_code: 'invalid_input' });
  });
});

describe('get_contact', () => {
  it('answers one person', async () => {
    const { succeed } = await connect();
    expect(await succeed('get_contact', { contact: 'Ada' })).toEqual(
      shown({
        success: true,
        contact: {
          ...contactView(),
          chat_jid: '15550100002@s.whatsapp.net',
          last_interaction: '2025-02-01T10:00:00Z',
          shared_chats: 2,
        },
      }),
    );
  });

  it('passes an ambiguous name on as its candidates', async () => {
    const store = fakeStore();
    const candidates = [{ jid: '15550100002@s.whatsapp.net', kind: 'direct' }];
    store.contacts.get = () => {
      throw new AppError('ambiguous_recipient', '2 people have this name.', { details: { candidates } });
    };
    const { fail } = await connect(fakeServices({ store }));
    expect(await fail('get_contact', { contact: 'Ada' })).toMatchObject({
      error_code: 'ambiguous_recipient',
      details: { candidates },
    });
  });
});
