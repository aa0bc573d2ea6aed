import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serve } from '../../support/e2e/client.ts';
import { link, retrieve } from '../../support/e2e/link.ts';
import { type EnteredPage, enterPage } from '../../support/e2e/page-entry.ts';
import { clientEnv, runProgram, temporaryDir } from '../../support/e2e/program.ts';
import { startWorld } from '../../support/e2e/simulator.ts';

/** The view of a page. */
const shown = async (page: EnteredPage) => /data-kind="(\w+)"/.exec(await (await page.fetch()).text())?.[1];

test('start_pairing gives a page to follow; then a user takes a backup while the server runs, unlinks, wipes, and reads the backup again elsewhere', async () => {
  const simulator = await startWorld({ messages: 200 });
  const home = temporaryDir();
  const dataDir = join(home, 'data');
  const simulated = ['--simulator', simulator.url];
  const server = await serve(simulated, { WHATSAPP_DATA_DIR: dataDir });
  const { page_url } = await server.call('start_pairing');
  const page = await enterPage(String(page_url));
  expect(await shown(page)).toBe('qr');
  await link(server, simulator);
  await retrieve(server);
  expect(await shown(page)).toBe('done');
  expect(await server.call('start_pairing')).not.toHaveProperty('page_url');
  await server.call('sync_history_to_database', {}, () => {});
  const env = clientEnv(temporaryDir(), { WHATSAPP_DATA_DIR: dataDir });
  const run = (...args: string[]) => runProgram(args, env);

  const copy = join(home, 'copy.db');
  expect(await run('backup', copy)).toMatchObject({ code: 0, stderr: '' });
  expect(await run('wipe', '--yes')).toMatchObject({ code: 1, stderr: expect.stringContaining('is using the data') });
  const elsewhere = await run('logout', '--yes', ...simulated);
  expect(elsewhere).toMatchObject({ code: 1, stderr: expect.stringMatching(/stays linked[\s\S]*Linked devices/) });
  await server.end();

  expect(await run('logout', ...simulated)).toMatchObject({ code: 1, stderr: expect.stringContaining('--yes') });
  const out = await run('logout', '--yes', '--json', ...simulated);
  expect(out).toMatchObject({ code: 0, stderr: '' });
  expect(JSON.parse(out.stdout)).toEqual({ state: 'unlinked', was_linked: true });
  expect(simulator.devices()).toEqual([]);
  expect(JSON.parse((await run('logout', '--yes', '--json', ...simulated)).stdout)).toMatchObject({
    was_linked: false,
  });

  expect(await run('wipe', '--yes')).toMatchObject({ code: 0, stderr: '' });
  expect(readdirSync(home)).toEqual(['copy.db']);
  expect(await run('restore', copy)).toMatchObject({ code: 0, stderr: '' });
  expect(existsSync(join(dataDir, 'messages.db'))).toBe(true);
  const status = JSON.parse((await run('status', '--json')).stdout);
  expect(status).toMatchObject({ database: { total_messages: 200 }, baileys_bridge: { state: 'unlinked' } });
}, 90_000); // eight commands in separate processes
