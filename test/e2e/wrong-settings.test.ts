import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serve } from '../support/e2e/client.ts';
import { clientEnv, runProgram, temporaryDir } from '../support/e2e/program.ts';

type Case = { args?: string[]; env?: Record<string, string>; dotenv?: string | null; words: RegExp };

const cases: Record<string, Case> = {
  'an unknown value in the environment': { env: { WHATSAPP_BRIDGE: 'both' }, words: /^WHATSAPP_BRIDGE: / },
  'an unknown value as a flag': { args: ['--log-level', 'loud'], words: /^WHATSAPP_LOG_LEVEL: / },
  'an unknown value in .env': {
    dotenv: 'WHATSAPP_HISTORY_QUIET_SECONDS=soon',
    words: /^WHATSAPP_HISTORY_QUIET_SECONDS: /,
  },
  'no time zone': { env: { WHATSAPP_TIME_ZONE: 'Mars/Base' }, words: /^WHATSAPP_TIME_ZONE: .*Europe\/Berlin/ },
  'no address': { env: { WHATSAPP_BRIDGE_URL: 'over there' }, words: /^WHATSAPP_BRIDGE_URL: / },
  'a .env that cannot be read': { dotenv: null, words: /\.env cannot be read \(EISDIR\).*WHATSAPP_DATA_DIR/ },
  'an unknown value with a simulated account': {
    args: ['--simulated', '--log-level', 'loud'],
    words: /^WHATSAPP_LOG_LEVEL: /,
  },
  'an unknown state of a simulated account': { args: ['--simulated=old'], words: /^--simulated takes fresh or synced/ },
  'a simulator elsewhere': {
    args: ['--simulator', 'http://192.0.2.1/x'],
    words: /^--simulator takes an address of this/,
  },
  'a simulator that does not answer': {
    args: ['--simulator', 'http://127.0.0.1:1/simulator.json'],
    words: /^--simulator: no simulator answers at .*whatsapp-hybrid-mcp simulator/,
  },
};

function surroundings({ env = {}, dotenv }: Case): Record<string, string> {
  const dataDir = temporaryDir();
  if (dotenv === null) mkdirSync(join(dataDir, '.env'));
  else if (dotenv !== undefined) writeFileSync(join(dataDir, '.env'), dotenv);
  return { WHATSAPP_DATA_DIR: dataDir, ...env };
}

describe.each(Object.entries(cases))('%s', (_, wrong) => {
  test('is told to the client with every call, and a server that does nothing else is there', async () => {
    const { client, failure, end, server } = await serve(wrong.args ?? [], surroundings(wrong));
    expect((await client.listTools()).tools.length).toBeGreaterThan(10);
    for (const name of ['backend_status', 'list_chats']) {
      const { error_code, message, hint } = await failure(name);
      expect({ error_code, message }).toEqual({
        error_code: 'invalid_input',
        message: expect.stringMatching(wrong.words),
      });
      expect(hint).toContain('setting');
      expect(hint).not.toContain('arguments');
    }
    await expect(client.readResource({ uri: 'whatsapp://status' })).rejects.toThrow(/--|WHATSAPP_/);
    expect(await end()).toMatchObject({ code: 0, signal: null });
    expect(server.stderr()).not.toMatch(/^\s+at /m);
  });
});

test('a flag that there is not ends the server with its usage', async () => {
  const ended = await runProgram(['serve', '--brigde', 'auto'], clientEnv(temporaryDir()));
  expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining("unknown option '--brigde'") });
});
