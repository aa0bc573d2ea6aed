import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { serve } from '../../support/e2e/client.ts';
import { clientEnv, runProgram, temporaryDir } from '../../support/e2e/program.ts';

/** A data directory whose `.env` names a program, which creates `ran` when started. */
function planted(mode: number) {
  const dataDir = temporaryDir();
  const ran = join(temporaryDir(), 'ran');
  const program = join(temporaryDir(), 'program.sh');
  writeFileSync(program, `#!/bin/sh\ntouch '${ran}'\n`, { mode: 0o755 });
  writeFileSync(join(dataDir, '.env'), `WHATSAPP_BRIDGE_START=true\nWHATSAPP_BRIDGE_BIN=${program}\n`);
  chmodSync(dataDir, mode);
  return { dataDir, ran };
}

describe.each([
  ['a data directory that others may write', 0o777, /can be changed by other users .*chmod go-w.*WHATSAPP_DATA_DIR/],
  ['a .env that names programs', 0o700, /may not say WHATSAPP_BRIDGE_START, WHATSAPP_BRIDGE_BIN: .*--bridge-bin/],
])('A server on %s', (_, mode, words) => {
  test('tells its client the reason with every call, and starts and writes nothing', async () => {
    const { dataDir, ran } = planted(mode);
    const { client, failure, end, server } = await serve([], { WHATSAPP_DATA_DIR: dataDir });
    expect((await client.listTools()).tools.length).toBeGreaterThan(10);
    const refusal = { success: false, error_code: 'not_permitted', message: expect.stringMatching(words) };
    for (const name of ['backend_status', 'list_chats', 'start_pairing'])
      expect(await failure(name)).toMatchObject(refusal);
    await expect(client.readResource({ uri: 'whatsapp://status' })).rejects.toThrow(words);
    await expect(client.getPrompt({ name: 'summarize_chat', arguments: { chat: 'Kit' } })).rejects.toThrow(words);
    expect(await end()).toMatchObject({ code: 0, signal: null });
    expect(server.stderr()).toMatch(words);
    expect([existsSync(ran), readdirSync(dataDir)]).toEqual([false, ['.env']]);
  });

  test('and a command say it on stderr, with exit code 1 and without a stack trace', async () => {
    const { dataDir, ran } = planted(mode);
    const ended = await runProgram(['status'], clientEnv(temporaryDir(), { WHATSAPP_DATA_DIR: dataDir }));
    expect(ended).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(words) });
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    expect(existsSync(ran)).toBe(false);
  });
});
