import { describe, expect, test } from 'vitest';
import type { ToolChoice } from '../../src/config.ts';
import { AppError } from '../../src/domain/errors.ts';
import { toolsets } from '../../src/domain/toolsets.ts';
import { prompts } from '../../src/prompts/catalog.ts';
import { resources } from '../../src/resources/catalog.ts';
import { isTool } from '../../src/resources/define.ts';
import { missingFrom, sayWithout, stepWithout, toolsIn } from '../../src/server/withheld.ts';
import { catalog } from '../../src/tools/catalog.ts';
import { type Connection, connect } from '../support/fakes/connect.ts';
import { fakeBridge, fakeBridges } from '../support/fakes/fake-bridge.ts';
import { fakeServices, fakeStore } from '../support/fakes/fake-services.ts';

const offering = (choice: Partial<ToolChoice>, services = fakeServices()) =>
  connect(services, catalog, Date.now, choice);

/** Every text of ours that a client is given before it calls anything: lists, instructions, prompts, guides. */
async function told({ client }: Connection): Promise<string> {
  const lists = await Promise.all([client.listTools(), client.listPrompts(), client.listResources()]);
  const templates = await client.listResourceTemplates();
  const texts = lists[1].prompts.map(({ name, arguments: all = [] }) =>
    client.getPrompt({ name, arguments: Object.fromEntries(all.map((argument) => [argument.name, '15550100001'])) }),
  );
  const guides = lists[2].resources.filter(({ name }) => name.startsWith('guide-'));
  const pages = guides.map(({ uri }) => client.readResource({ uri }));
  const all = [client.getInstructions(), lists, templates, await Promise.all(texts), await Promise.all(pages)];
  return JSON.stringify(all).replaceAll('\\n', '\n');
}

const choices: [string, Partial<ToolChoice>][] = [
  ['only reading', { readOnly: true }],
  ...toolsets.map((name): [string, Partial<ToolChoice>] => [`the group ${name}`, { toolsets: [name] }]),
  ...catalog.map(({ name }): [string, Partial<ToolChoice>] => [`all but ${name}`, { excluded: [name] }]),
];

describe('A client that is offered', () => {
  test.each(choices)('%s is told of no other tool, and of each of these', async (_, choice) => {
    const connection = await offering(choice);
    const { tools } = await connection.client.listTools();
    const missing = missingFrom(catalog.filter(({ name }) => tools.some((tool) => tool.name === name)));
    expect(missing.size).toBeGreaterThan(0);
    expect(toolsIn(await told(connection)).filter((name) => missing.has(name))).toEqual([]);
    for (const { name, description = '' } of tools) expect(description.length, name).toBeGreaterThan(40);
    await connection.client.close();
  });

  test('everything is told what the catalogues say', async () => {
    const { client } = await offering({});
    expect((await client.listPrompts()).prompts).toHaveLength(prompts.length);
    const { tools } = await client.listTools();
    expect(tools.map(({ description }) => description)).toEqual(catalog.map(({ description }) => description));
  });

  test('only reading keeps every prompt, without the step that writes', async () => {
    const { client } = await offering({ readOnly: true });
    const shown = (await client.listPrompts()).prompts;
    expect(shown).toHaveLength(prompts.length);
    const { messages } = await client.getPrompt({ name: 'catch_up' });
    expect(JSON.stringify(messages)).toContain('list_unread');
    expect(JSON.stringify(messages)).not.toContain('sync_history_to_database');
  });

  test('no messages has no prompt, resource or completion that rests on them', async () => {
    const { client } = await offering({ toolsets: ['system', 'chats'] });
    expect((await client.listPrompts()).prompts).toEqual([]);
    const { resources: list } = await client.listResources();
    const { resourceTemplates } = await client.listResourceTemplates();
    const named = new Set([...list, ...resourceTemplates].map(({ name }) => name));
    const expected = resources.filter(({ content }) => !isTool(content) || /system|chats/.test(content.toolset));
    expect([...named].sort()).toEqual(expected.map(({ name }) => name).sort());
    const argument = { name: 'chat', value: '' };
    const ref = { type: 'ref/prompt' as const, name: 'summarize_chat' };
    await expect(client.complete({ ref, argument })).rejects.toThrow('There is no prompt');
  });

  test('a part is shown routes of that part alone, and any route that it names', async () => {
    const services = fakeServices({ bridges: fakeBridges(fakeBridge('baileys', 'ready', {})) });
    const { succeed } = await offering({ toolsets: ['system', 'contacts'] }, services);
    const { operations } = (await succeed('get_routing_info')) as { operations: { operation: string }[] };
    const shown = operations.map(({ operation }) => operation);
    const used = catalog.filter(({ toolset }) => /system|contacts/.test(toolset)).flatMap(({ uses }) => uses);
    expect(shown.sort()).toEqual([...new Set(used)].sort());
    expect(await succeed('get_routing_info', { operation: 'business.catalog' })).toMatchObject({
      operations: [{ operation: 'business.catalog' }],
    });
  });
});

describe('A tool that is not offered', () => {
  test('that would change something says that the server only reads', async () => {
    const { fail } = await offering({ readOnly: true });
    expect(await fail('start_pairing')).toMatchObject({ error_code: 'read_only' });
  });

  test('is refused with the reason, and for the command line it is there', async () => {
    const { fail, app } = await offering({ excluded: ['list_chats'] });
    expect(await fail('list_chats')).toMatchObject({
      error_code: 'not_permitted',
      message: 'The settings of this server leave out list_chats.',
    });
    expect(await app.runTool('list_chats', {})).toMatchObject({ ok: true });
  });

  test('is in no next step without a word that it is missing', async () => {
    const services = fakeServices({ bridges: fakeBridges(fakeBridge('baileys', 'unlinked', {})) });
    const { succeed, fail } = await offering({ readOnly: true }, services);
    const { next_step } = await succeed('backend_status');
    expect(next_step).toMatch(/Call start_pairing\. \(Not offered here: start_pairing\. .*WHATSAPP_READ_ONLY/);
    expect(await fail('get_chat', { nonsense: 1 })).not.toHaveProperty('hint', expect.stringContaining('Not offered'));
  });
});

test('A failure has no next step that leads to a tool which is missing, without a word about that', async () => {
  const store = { ...fakeStore() };
  store.chats.list = () => {
    throw new AppError('not_linked', 'No phone.');
  };
  const { fail } = await offering({ excluded: ['start_pairing'] }, fakeServices({ store }));
  expect(await fail('list_chats')).toHaveProperty('hint', expect.stringContaining('Not offered here: start_pairing.'));
});

describe('A text', () => {
  const say = sayWithout(new Set(['get_chat']));

  test.each([
    ['One. Use get_chat for it. Two.', 'One. Two.'],
    ['1. Call get_chat.\n2. Call list_chats.', '2. Call list_chats.'],
    ['| a | Call get_chat. Wait. | b |', '| a | Wait. | b |'],
    ['get_chats is another word, and get_chat_age too.', 'get_chats is another word, and get_chat_age too.'],
  ])('%j loses the sentences alone that name what is missing', (text, expected) => expect(say(text)).toBe(expected));

  test('stays as it is when nothing is missing', () => {
    expect(sayWithout(new Set())('Call get_chat.\n\n\n\n')).toBe('Call get_chat.\n\n\n\n');
    expect(stepWithout('Call get_chat.', new Set(['list_chats']))).toBe('Call get_chat.');
  });
});
