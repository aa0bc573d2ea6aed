import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.ts';
import { connect } from '../support/fakes/connect.ts';
import { fakeServices, fakeStore } from '../support/fakes/fake-services.ts';
import { textOf } from '../support/rows/result-text.ts';

const utc = '2025-02-01T10:00:00Z';
const local = '2025-02-01T06:30:00-03:30';
const wallClock = () => Date.parse('2025-03-12T02:00:00.700Z');

function inNewfoundland(store = fakeStore()) {
  return connect(fakeServices({ store }), undefined, undefined, {}, { timeZone: 'America/St_Johns', wallClock });
}

describe('what a client is given in another zone', () => {
  it('has the times of a result there, in structured content and in the text with its summary', async () => {
    const { call } = await inNewfoundland();
    const result = await call('get_message', { message_id: '3EB0A1' });
    expect(result.structuredContent).toMatchObject({ message: { timestamp: local } });
    expect(textOf(result)).toMatch(new RegExp(`^One text message of ${local}\\.`));
    expect(textOf(result)).toContain(`timestamp=${local}`);
    expect(JSON.stringify(result)).not.toContain(utc);
  });

  it('has them there in a resource too, which takes words in its address', async () => {
    const { client } = await inNewfoundland();
    const { contents } = await client.readResource({ uri: 'whatsapp://chats/Ada/messages?after_time=3h' });
    const text = String((contents[0] as { text: string }).text);
    expect(text).toContain(`${local} `);
    expect(text).not.toContain(utc);
    expect(text).toContain('time_used: after_time=2025-03-11T20:30:01-02:30 zone=America/St_Johns today="2025-03-11"');
  });

  it('has them there in an error too', async () => {
    const store = fakeStore();
    store.messages.statistics = () => {
      throw new AppError('bridge_unavailable', `Down since ${utc}.`);
    };
    const { fail } = await inNewfoundland(store);
    expect(await fail('get_message_statistics')).toMatchObject({ message: `Down since ${local}.` });
  });

  it('has the text of others as they wrote it', async () => {
    const store = fakeStore();
    const { list } = store.messages;
    store.messages.list = (...asked) => {
      const page = list(...asked);
      return { ...page, items: page.items.map((item) => ({ ...item, content: utc })) };
    };
    const { succeed } = await inNewfoundland(store);
    expect(await succeed('list_messages', { chat_jid: 'Ada' })).toMatchObject({
      messages: [{ content: utc, timestamp: local }],
    });
  });

  it('has the present moment in backend_status and the day in the instructions', async () => {
    const { client, succeed } = await inNewfoundland();
    expect((await succeed('backend_status'))['clock']).toEqual({
      now: '2025-03-11T23:30:00-02:30',
      weekday: 'Tuesday',
      zone: 'America/St_Johns',
    });
    expect(client.getInstructions()).toContain('Today is Tuesday, 2025-03-11.');
  });
});
