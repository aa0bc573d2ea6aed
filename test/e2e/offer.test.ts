import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalog } from '../../src/tools/catalog.ts';
import { serve } from '../support/e2e/client.ts';
import { temporaryDir } from '../support/e2e/program.ts';

const reading = catalog.filter(({ effect }) => effect === 'read').map(({ name }) => name);

const listed = async (args: string[], env: Record<string, string> = {}) => {
  const { client, failure } = await serve(args, env);
  const { tools } = await client.listTools();
  return { names: tools.map(({ name }) => name), instructions: client.getInstructions() ?? '', failure };
};

describe('A server that is started to offer less', () => {
  test('by a flag alone only reads, and greets with instructions to match', async () => {
    const { names, instructions, failure } = await listed(['--read-only']);
    expect(names).toEqual(reading);
    expect(instructions).not.toContain('start_pairing');
    expect(await failure('logout_device')).toMatchObject({ error_code: 'read_only' });
  });

  test('by the environment has the tools that it names', async () => {
    const { names, instructions } = await listed([], { WHATSAPP_TOOLS: 'list_chats,get_chat' });
    expect(names).toEqual(['get_chat', 'list_chats']);
    expect(instructions).not.toContain('backend_status');
  });

  test('by .env in the data directory has its groups, and what a flag excludes is not among them', async () => {
    const dataDir = temporaryDir();
    writeFileSync(join(dataDir, '.env'), 'WHATSAPP_TOOLSETS=chats\n');
    const { names, instructions } = await listed(['--data-dir', dataDir, '--exclude-tools', 'get_chat']);
    expect(names).toEqual(['list_chats']);
    expect(instructions).not.toContain('backend_status');
  });

  test('offers a part of a simulated account too', async () => {
    expect((await listed(['--simulated', '--toolsets=business'])).names).toEqual(
      catalog.filter(({ toolset }) => toolset === 'business').map(({ name }) => name),
    );
  });

  test('with everything greets as it was built', async () => {
    const { names, instructions } = await listed([]);
    expect(names).toEqual(catalog.map(({ name }) => name));
    expect(instructions).toContain('start_pairing');
  });
});
