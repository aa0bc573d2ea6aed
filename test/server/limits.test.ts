import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { prompts } from '../../src/prompts/catalog.ts';
import { catalog } from '../../src/tools/catalog.ts';
import { testConfig } from '../support/fakes/config.ts';
import { type Connection, connect } from '../support/fakes/connect.ts';
import { fakeServices } from '../support/fakes/fake-services.ts';
import { quietLog } from '../support/fakes/quiet-log.ts';

const maxError = 2000;

const long = 'x,[{"'.repeat(20_000);
const deep = () => {
  let value: unknown = 1;
  for (let level = 0; level < 90; level++) value = level % 2 ? [value] : { a: value };
  return value;
};
const unlike: readonly [string, unknown][] = [
  ['a long text', long],
  ['a long list', Array(5000).fill(long.slice(0, 50))],
  ['a list of lists', Array(2000).fill([[[]]])],
  ['many members', Object.fromEntries(Array.from({ length: 5000 }, (_, serial) => [`key ${serial}`, serial]))],
  ['deep nesting', deep()],
  ['half a character', '\ud800'.repeat(1000)],
  ['nothing but NUL', '\0'.repeat(300)],
  ['a great number', 1e308],
];

describe('whatever arguments hold', () => {
  it.each(unlike)('%s in each of them ends in an error that is short', async (_, value) => {
    const { runTool } = createApp(testConfig(), { services: fakeServices(), log: quietLog().log });
    for (const { name, input } of catalog) {
      const args = Object.fromEntries(Object.keys(input.shape).map((argument) => [argument, value]));
      const outcome = await runTool(name, args);
      if (Object.keys(args).length > 0) expect(outcome).toMatchObject({ error: { error_code: 'invalid_input' } });
      expect(outcome.ok ? 0 : JSON.stringify(outcome.error).length, name).toBeLessThan(maxError);
    }
  });

  it('names a few of many unknown ones and counts the rest', async () => {
    const { runTool } = createApp(testConfig(), { services: fakeServices(), log: quietLog().log });
    const args = Object.fromEntries(Array.from({ length: 9000 }, (_, serial) => [`key${serial}`, serial]));
    expect(await runTool('get_chat', args)).toMatchObject({
      error: { message: expect.stringMatching(/has no argument "key0", .*"key4" and 8995 more\. It accepts: /) },
    });
  });

  it('names a few of many faults and counts the rest', async () => {
    const { runTool } = createApp(testConfig(), { services: fakeServices(), log: quietLog().log });
    const outcome = await runTool('check_is_on_whatsapp', { phones: Array(20).fill(null) });
    expect(outcome).toMatchObject({
      error: { message: expect.stringMatching(/^phones.0: .*phones.4: .* and 15 more$/) },
    });
  });

  it.each(['x'.repeat(90_000), 'get chat '.repeat(10_000), '\0'])('of a tool that is none is short', async (name) => {
    const { runTool } = createApp(testConfig(), { services: fakeServices(), log: quietLog().log });
    const outcome = await runTool(name, {});
    expect(outcome).toMatchObject({ error: { error_code: 'not_found' } });
    expect(JSON.stringify(outcome).length).toBeLessThan(maxError);
  });
});

describe('errors of the protocol are short', () => {
  const message = (error: unknown) => JSON.stringify([(error as Error).message, (error as { data: unknown }).data]);

  it.each([
    ['address', (client) => client.readResource({ uri: `whatsapp://chats/${'y/'.repeat(45_000)}` })],
    ['prompt', (client) => client.getPrompt({ name: long })],
    [
      'argument of a prompt',
      (client) =>
        client.getPrompt({
          name: prompts[0]?.name ?? '',
          arguments: Object.fromEntries(
            Array.from({ length: 3000 }, (_, serial) => [`${serial}${'k'.repeat(90)}`, '']),
          ),
        }),
    ],
    [
      'argument to complete',
      (client) =>
        client.complete({ ref: { type: 'ref/prompt', name: 'catch_up' }, argument: { name: long, value: '' } }),
    ],
  ] as [string, (client: Connection['client']) => Promise<unknown>][])('for an unknown %s', async (_, ask) => {
    const { client } = await connect();
    const error = await ask(client).then(
      () => undefined,
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(Error);
    expect(message(error).length).toBeLessThan(12_000);
  });

  it('and nothing is completed that is longer than any name', async () => {
    const { client } = await connect();
    const ref = { type: 'ref/prompt' as const, name: 'summarize_chat' };
    const { completion } = await client.complete({ ref, argument: { name: 'chat', value: 'A'.repeat(501) } });
    expect(completion).toMatchObject({ values: [], total: 0 });
  });
});
