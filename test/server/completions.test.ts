import { describe, expect, it } from 'vitest';
import { AppError } from '../../src/domain/errors.ts';
import { connect } from '../support/fakes/connect.ts';
import { fakeServices, fakeStore } from '../support/fakes/fake-services.ts';

const chatTemplate = 'whatsapp://chats/{chat_jid}';
const listTemplate = 'whatsapp://chats{?query,archived,kind,sort_by,limit,cursor}';
const ofPrompt = (name: string) => ({ type: 'ref/prompt' as const, name });
const ofTemplate = (uri: string) => ({ type: 'ref/resource' as const, uri });

type Ref = ReturnType<typeof ofPrompt> | ReturnType<typeof ofTemplate>;

async function completing(store = fakeStore()) {
  const { client, lines } = await connect(fakeServices({ store }));
  const complete = async (ref: Ref, name: string, value: string) =>
    (await client.complete({ ref, argument: { name, value } })).completion;
  return { complete, lines };
}

/** A store that notes what it is asked and knows this many. */
function storeOf(total: number) {
  const asked: unknown[][] = [];
  const store = fakeStore();
  store.completions.complete = (...all) => {
    asked.push(all);
    return { values: Array.from({ length: Math.min(total, all[2]) }, (_, n) => `Pat ${n}`), total };
  };
  return { store, asked };
}

describe('completion/complete', () => {
  it.each([
    ['the chat of a prompt', ofPrompt('summarize_chat'), 'chat', 'chats'],
    ['the person of a prompt', ofPrompt('find_message'), 'person', 'contacts'],
    ['the chat of a template', ofTemplate(chatTemplate), 'chat_jid', 'chats'],
  ])('asks the store for %s', async (_, ref, name, subject) => {
    const { store, asked } = storeOf(3);
    const { complete } = await completing(store);
    expect(await complete(ref, name, 'pa')).toEqual({ values: ['Pat 0', 'Pat 1', 'Pat 2'], total: 3, hasMore: false });
    expect(asked).toEqual([[subject, 'pa', 100]]);
  });

  it('offers a hundred and says how many there are', async () => {
    const { complete } = await completing(storeOf(250).store);
    const { values, total, hasMore } = await complete(ofPrompt('summarize_chat'), 'chat', '');
    expect({ offered: values.length, total, hasMore }).toEqual({ offered: 100, total: 250, hasMore: true });
  });

  it('needs no bridge', async () => {
    const untouchable = new Proxy({} as never, {
      get: () => {
        throw new Error('touched');
      },
    });
    const { client } = await connect({ ...fakeServices(), bridges: untouchable, sync: untouchable });
    const asked = client.complete({ ref: ofPrompt('summarize_chat'), argument: { name: 'chat', value: 'A' } });
    expect((await asked).completion.values).toEqual(['Ada']);
  });

  it.each([
    ['the periods of a prompt', ofPrompt('catch_up'), 'period', 'THE', ['the last 7 days', 'the last 30 days']],
    ['a closed list of words', ofTemplate(listTemplate), 'sort_by', '', ['last_active', 'name']],
    ['truth values', ofTemplate(listTemplate), 'archived', 'f', ['false']],
    ['nothing for what is free', ofTemplate(listTemplate), 'query', 'a', []],
    ['nothing for what a user remembers', ofPrompt('find_message'), 'what', 'a', []],
  ])('offers %s', async (_, ref, name, typed, values) => {
    const { complete } = await completing();
    expect(await complete(ref, name, typed)).toEqual({ values, total: values.length, hasMore: false });
  });

  it.each([
    ['a prompt that is none', ofPrompt('poem'), 'chat', /no prompt "poem"/],
    ['an argument that is none', ofPrompt('catch_up'), 'chat', /no argument "chat"/],
    ['a template that is none', ofTemplate('whatsapp://poems/{name}'), 'name', /no resource template/],
    ['a variable that is none', ofTemplate(chatTemplate), 'colour', /no variable "colour"/],
  ])('refuses %s', async (_, ref, name, words) => {
    const { complete } = await completing();
    const refused = complete(ref, name, '');
    await expect(refused).rejects.toMatchObject({ code: -32602, message: expect.stringMatching(words) });
  });

  it('says so when the store cannot be read, instead of offering nothing', async () => {
    const store = fakeStore();
    store.completions.complete = () => {
      throw new AppError('schema_mismatch', 'messages.db is too new.');
    };
    const { complete } = await completing(store);
    const asked = complete(ofPrompt('summarize_chat'), 'chat', 'a');
    await expect(asked).rejects.toMatchObject({ code: -32603, data: { error_code: 'schema_mismatch' } });
  });

  it('hides a defect, and logs all of it', async () => {
    const store = fakeStore();
    store.completions.complete = () => {
      throw new TypeError('a defect at line 7');
    };
    const { complete, lines } = await completing(store);
    const asked = complete(ofPrompt('summarize_chat'), 'chat', 'a');
    await expect(asked).rejects.toMatchObject({ data: { error_code: 'internal' } });
    await expect(asked).rejects.not.toThrow('line 7');
    expect(lines.join()).toContain('a defect at line 7');
  });
});
