import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clientEnv, runProgram, temporaryDir } from '../../support/e2e/program.ts';
import { describeWaBridge } from '../../support/wire/wa-bridge.ts';

describeWaBridge('demo where there is Go', () => {
  test('links both bridges to one account, counts what the seed says, and stores once what both receive', async () => {
    const tmp = temporaryDir();
    // The home of the user who runs the tests, which has the cache of Go builds.
    const env = { ...clientEnv(process.env['HOME'] ?? '', { WHATSAPP_BRIDGE: 'auto' }), TMPDIR: tmp };
    const { code, stdout, stderr } = await runProgram(['demo'], env);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const line of [
      'Backends healthy',
      'Synced 8432 messages',
      'Duplicates skipped: 0',
      'Total messages: 8432',
      'Total chats: 67',
      'Media messages: 2145',
      'Text messages: 6287',
      'Bridges: baileys ready, whatsmeow ready, same account: yes\n',
      'Received by 2 linked devices, stored once',
    ]) {
      expect(stdout).toContain(line);
    }
    expect(readdirSync(tmp)).toEqual([]);
  });
});
