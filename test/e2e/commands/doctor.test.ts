import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { serve } from '../../support/e2e/client.ts';
import { link } from '../../support/e2e/link.ts';
import { clientEnv, runProgram, temporaryDir } from '../../support/e2e/program.ts';
import { startWorld } from '../../support/e2e/simulator.ts';

interface Report {
  verdict: string;
  checks: { name: string; verdict: string; message: string; fix?: string }[];
}

test('doctor warns with exit code 1 where no phone is linked, and names the fix for a person', async () => {
  const ended = await runProgram(['doctor'], clientEnv(temporaryDir()));
  expect(ended).toMatchObject({ code: 1, stderr: '' });
  expect(ended.stdout).toMatch(/credentials +No phone is linked\.\n +→ .*login/);
});

test('doctor fails with exit code 2 and says as JSON what is open to others', async () => {
  const home = temporaryDir();
  const data = join(home, 'data');
  mkdirSync(data);
  chmodSync(data, 0o755);
  const ended = await runProgram(['doctor', '--json', '--data-dir', data], clientEnv(home));
  expect(ended).toMatchObject({ code: 2, stderr: '' });
  const report = JSON.parse(ended.stdout) as Report;
  expect(report.verdict).toBe('fail');
  expect(report.checks.filter(({ verdict }) => verdict === 'fail')).toMatchObject([
    { name: 'permissions', fix: `chmod -R go= '${data}'` },
  ]);
});

test('doctor finds a linked account in order with exit code 0, its server running or not, and shows no number', async () => {
  const simulator = await startWorld({ messages: 100 });
  const env = { WHATSAPP_DATA_DIR: temporaryDir() };
  const args = ['--simulator', simulator.url];
  const server = await serve(args, env);
  await link(server, simulator);
  const messageOf = async (name: string) => {
    const ended = await runProgram(['doctor', '--json', ...args], clientEnv(temporaryDir(), env));
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).not.toContain(simulator.world.me.pn.split('@')[0]);
    return (JSON.parse(ended.stdout) as Report).checks.find((check) => check.name === name)?.message;
  };
  expect(await messageOf('lock')).toContain(`Process ${server.server.child.pid} `);
  await server.end();
  expect(await messageOf('bridge')).toMatch(/^(syncing|ready|connecting)/);
  expect(await messageOf('lock')).toBe('Nobody has the connection.');
});

test.each([
  ['a .env that is a folder', (data: string) => mkdirSync(join(data, '.env')), 'settings'],
  [
    'a .env with a wrong setting',
    (data: string) => writeFileSync(join(data, '.env'), 'WHATSAPP_BRIDGE=none\n'),
    'settings',
  ],
  ['a messages.db that is a folder', (data: string) => mkdirSync(join(data, 'messages.db')), 'databases'],
  ['a lock.db of zeros', (data: string) => writeZeros(join(data, 'baileys', 'lock.db')), 'databases'],
  ['a staging.db of zeros', (data: string) => writeZeros(join(data, 'baileys', 'staging.db')), 'databases'],
])('doctor tells of %s with exit code 2 and no stack, and makes the other checks', async (_, spoil, name) => {
  const home = temporaryDir();
  const data = join(home, 'data');
  mkdirSync(join(data, 'baileys'), { recursive: true, mode: 0o700 });
  spoil(data);
  const ended = await runProgram(['doctor', '--json', '--data-dir', data], clientEnv(home));
  expect(ended).toMatchObject({ code: 2, stderr: '' });
  expect(ended.stdout).not.toMatch(/\n +at |Error:/);
  const { checks } = JSON.parse(ended.stdout) as Report;
  expect(checks).toHaveLength(17);
  expect(checks.find((check) => check.name === name)).toMatchObject({ verdict: 'fail' });
});

const writeZeros = (path: string): void => writeFileSync(path, Buffer.alloc(8192), { mode: 0o600 });
