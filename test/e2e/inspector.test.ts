import { describe, expect, test } from 'vitest';
import { serve } from '../support/e2e-client.ts';
import { inspect, inspectorMissing } from '../support/e2e-inspector.ts';
import { temporaryDir } from '../support/e2e-program.ts';
import { toolArguments } from '../support/e2e-tool-arguments.ts';

// `npm run proof -- inspector` calls every tool; each call is a client and a server of its own, so this is a sample.
describe('The MCP Inspector, a client that is not ours,', () => {
  test.for<[string, string[], RegExp]>([
    ['finds nothing to object to in the tools', ['--strict', '--method', 'tools/list'], /"query_synced_messages"/],
    [
      'calls a tool with arguments',
      ['--method', 'tools/call', '--tool-name', 'query_synced_messages', '--tool-arg', 'content=birthday', 'limit=2'],
      /birthday/i,
    ],
    ['calls a tool without arguments', ['--method', 'tools/call', '--tool-name', 'backend_status'], /"?healthy"?/],
  ])('%s', { timeout: 180_000 }, async ([, args, words], { skip }) => {
    const home = temporaryDir();
    const missing = await inspectorMissing(home);
    if (missing !== undefined) {
      process.stderr.write(`\n*** NOT TESTED: npx cannot fetch the MCP Inspector here ***\n${missing}\n\n`);
      skip(missing);
    }
    const { code, stdout, stderr } = await inspect(args, home);
    expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(words);
  });
});

test('Every tool but those for pairing succeeds with the arguments that the Inspector is given', async () => {
  const { call } = await serve(['--simulated=synced']);
  const { messages } = await call('query_synced_messages', { content: 'birthday', limit: 1 });
  const [message] = messages as [{ id: string; chat_jid: string }];
  for (const [name, args] of Object.entries(toolArguments(message))) {
    expect(await call(name, args), name).toMatchObject({ success: true });
  }
});
