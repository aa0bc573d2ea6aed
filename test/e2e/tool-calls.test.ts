import { expect, test } from 'vitest';
import { serve } from '../support/e2e/client.ts';
import { type AnyMessage, toolCalls } from '../support/e2e/tool-calls.ts';

// `npm run check:clients` makes the same calls with other people's clients.
test('Completions, prompts and every tool succeed in one session, whichever comes first', {
  timeout: 300_000,
}, async () => {
  const { client, call } = await serve(['--simulated=synced']);
  const ref = { type: 'ref/prompt' as const, name: 'summarize_chat' };
  const { completion } = await client.complete({ ref, argument: { name: 'chat', value: '' } }, { timeout: 240_000 });
  expect(completion).toMatchObject({ total: 67, hasMore: false });
  const prompt = await client.getPrompt({ name: ref.name, arguments: { chat: '+1234567890' } });
  expect(JSON.stringify(prompt)).toContain('Chat: 1234567890@s.whatsapp.net.');

  const { messages } = await call('query_synced_messages', { content: 'birthday', limit: 1 });
  const [message] = messages as [AnyMessage];
  const called: string[] = [];
  for (const [name, args] of toolCalls(message)) {
    expect(await call(name, args), name).toMatchObject({ success: true });
    called.push(name);
  }
  expect(called.sort()).toEqual((await client.listTools()).tools.map(({ name }) => name).sort());
});
