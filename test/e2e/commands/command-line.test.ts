import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { commands } from '../../../src/cli/commands.ts';
import { isRunning } from '../../../src/system/process.ts';
import { serve } from '../../support/e2e/client.ts';
import { clientEnv, runProgram, startProgram, temporaryDir } from '../../support/e2e/program.ts';
import { startWorld } from '../../support/e2e/simulator.ts';
import { until } from '../../support/poll.ts';

const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));

describe('The command line', () => {
  test('says its version and its commands on stdout', async () => {
    const env = clientEnv(temporaryDir());
    expect(await runProgram(['--version'], env)).toEqual({ code: 0, signal: null, stdout: `${version}\n`, stderr: '' });
    const help = await runProgram(['--help'], env);
    expect(help).toMatchObject({ code: 0, stderr: '' });
    for (const { name } of commands) expect(help.stdout).toMatch(new RegExp(`^  ${name} `, 'm'));
    const setup = await runProgram(['setup', '--help'], env);
    expect(setup).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(/Example:\n {2}whatsapp-hybrid-mcp setup /),
    });
  });

  test.each([
    ['an unknown option', ['serve', '--fast'], /--fast/],
    ['an unknown command', ['fly'], /fly|arguments/],
    ['a client that it does not know', ['setup', 'telegraph'], /claude-desktop, claude-code/],
    ['a simulated account in a directory', ['serve', '--simulated', '--data-dir', '/nowhere'], /cannot be used with/],
    ['a number that is none', ['demo', '--messages', 'many'], /whole number/],
  ])('refuses %s with exit code 1, on stderr', async (_, args, words) => {
    const ended = await runProgram(args, clientEnv(temporaryDir()));
    expect(ended).toMatchObject({ code: 1, stdout: '' });
    expect(ended.stderr).toMatch(words);
    expect(ended.stderr).not.toMatch(/^\s+at /m); // no stack trace
  });

  // A client hears of these with its first call; see wrong-settings.test.ts.
  test.each([
    ['a wrong setting', ['--bridge', 'pigeon'], /WHATSAPP_BRIDGE/],
    ['a state that no account has', ['--simulated=half'], /fresh or synced/],
    ['a simulator elsewhere', ['--simulator', 'http://192.0.2.1/simulator.json'], /this machine/],
  ])('serves on with %s until the client goes, and names it on stderr', async (_, args, words) => {
    const ended = await runProgram(['serve', ...args], clientEnv(temporaryDir()));
    expect(ended).toMatchObject({ code: 0, stdout: '' });
    expect(ended.stderr).toMatch(words);
    expect(ended.stderr).not.toMatch(/^\s+at /m);
  });
});

describe('status', () => {
  test('is JSON on request, and exit code 1 while no phone is linked', async () => {
    const ended = await runProgram(['status', '--json'], clientEnv(temporaryDir()));
    expect(ended.code).toBe(1);
    expect(JSON.parse(ended.stdout)).toMatchObject({ overall_status: 'unhealthy', baileys_bridge: { linked: false } });
  });

  test('is for a person otherwise', async () => {
    const { stdout } = await runProgram(['status'], clientEnv(temporaryDir()));
    expect(stdout).toMatch(/^Overall: +unhealthy$/m);
    expect(stdout).toMatch(/^Baileys: +unlinked, not linked/m);
  });
});

describe('login', () => {
  test('with a phone number links by the code that is typed into it', async () => {
    const simulator = await startWorld({ messages: 300 });
    const env = clientEnv(temporaryDir(), { WHATSAPP_DATA_DIR: temporaryDir() });
    const phone = `+${simulator.world.me.pn.split('@')[0]}`;
    const login = startProgram(['login', '--phone', phone, '--simulator', simulator.url], env);
    let typed = '';
    login.child.stdout?.on('data', () => {
      const code = /^Code: (\S+)$/m.exec(login.stdout())?.[1];
      if (code === undefined || code === typed) return;
      typed = code;
      void fetch(simulator.document.scan_url, { method: 'POST', body: JSON.stringify({ code, phone }) });
    });
    expect(await login.ended).toEqual({ code: 0, signal: null });
    expect(login.stdout()).toContain('Link with phone number');
    expect(login.stdout()).toMatch(/^Valid for 1[56]\d seconds\.$/m);
    expect(login.stdout()).toContain('✅ Copied 300 messages');
    expect(login.stdout() + login.stderr()).not.toContain(phone.slice(1));
    const wrong = await runProgram(['login', '--phone', '555', '--simulator', simulator.url], {
      ...env,
      WHATSAPP_DATA_DIR: temporaryDir(),
    });
    expect(wrong).toMatchObject({ code: 1, stderr: expect.stringContaining('country code') });
  });

  test('links the phone that scans its code, fetches and copies the history, and status is healthy then', async () => {
    const simulator = await startWorld({ messages: 500 });
    const env = clientEnv(temporaryDir(), { WHATSAPP_DATA_DIR: temporaryDir() });
    const login = startProgram(['login', '--simulator', simulator.url], env);
    let scanned = '';
    login.child.stdout?.on('data', () => {
      const qr = /^QR text: (\S+)$/m.exec(login.stdout())?.[1];
      if (qr === undefined || qr === scanned) return;
      scanned = qr;
      void simulator.scan(qr);
    });
    expect(await login.ended).toEqual({ code: 0, signal: null });
    expect(login.stdout()).toContain('Linked devices');
    expect(login.stdout()).toContain('✅ Retrieved 500 messages (completed)');
    expect(login.stdout()).toContain('✅ Copied 500 messages, 0 were there already');
    expect(login.stdout()).toMatch(/^ {3}100% /m);

    const status = await runProgram(['status', '--json', '--simulator', simulator.url], env);
    expect(status.code).toBe(0);
    expect(JSON.parse(status.stdout)).toMatchObject({ overall_status: 'healthy', database: { total_messages: 500 } });

    const again = await runProgram(['login', '--simulator', simulator.url], env);
    expect(again).toMatchObject({ code: 0 });
    expect(again.stdout).toContain('already linked');
  });

  test('that is interrupted ends with 130', async () => {
    const simulator = await startWorld({ messages: 100 });
    const env = clientEnv(temporaryDir(), { WHATSAPP_DATA_DIR: temporaryDir() });
    const login = startProgram(['login', '--simulator', simulator.url], env);
    await new Promise((resolve) => login.child.stdout?.once('data', resolve));
    login.child.kill('SIGINT');
    expect(await login.ended).toEqual({ code: 130, signal: null });
  });
});

describe('simulator', () => {
  test('prints one line with its address and serves until its input ends', async () => {
    const started = startProgram(['simulator', '--messages', '100'], clientEnv(temporaryDir()));
    await new Promise((resolve) => started.child.stdout?.once('data', resolve));
    const { url } = JSON.parse(started.stdout());
    expect(await (await fetch(url)).json()).toMatchObject({ socket_url: expect.stringContaining('ws://127.0.0.1:') });
    started.child.stdin?.end();
    expect(await started.ended).toEqual({ code: 0, signal: null });
    expect(started.stdout().trimEnd().split('\n')).toHaveLength(1);
    await expect(fetch(url)).rejects.toThrow();
  });
});

describe('The simulator of a simulated account', () => {
  test('does not outlive a server that was killed', async () => {
    const { call, server } = await serve(['--simulated']);
    await call('get_message_statistics');
    const { stdout } = spawnSync('pgrep', ['-P', String(server.child.pid)], { encoding: 'utf8' });
    const pid = Number(stdout.trim());
    expect(isRunning(pid)).toBe(true);
    server.child.kill('SIGKILL');
    await server.ended;
    await until(() => !isRunning(pid));
  });
});

describe('demo', () => {
  test('goes from pairing to a search in under a minute and leaves nothing behind', async () => {
    const home = temporaryDir();
    const from = performance.now();
    const { code, stdout, stderr } = await runProgram(['demo'], clientEnv(home));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(performance.now() - from).toBeLessThan(60_000);
    for (const line of [
      'Retrieved 8432 messages',
      'Synced 8432 messages',
      'Duplicates skipped: 0',
      'Total messages: 8432',
      'Total chats: 67',
      'Media messages: 2145',
      'Text messages: 6287',
      'Baileys alone: the settings leave wa-bridge out.',
      'Bridges: baileys ready\n',
      'Received by 1 linked device, stored once',
    ]) {
      expect(stdout).toContain(line);
    }
    const results = stdout.slice(stdout.indexOf('🔍'));
    const scripts = ['Latin', 'Cyrillic', 'Han', 'Hangul', 'Devanagari', 'Arabic', 'Thai', 'Hebrew', 'Greek'];
    const found = scripts.filter((script) => new RegExp(`^ {3}\\[.*\\p{Script=${script}}`, 'mu').test(results));
    expect(found.length).toBeGreaterThanOrEqual(3);
    expect(results).not.toMatch(/^ {3}\[[^\]]*\] [^:]*: *$/m); // every hit shows its words
    expect(readdirSync(home)).toEqual([]);
  });

  test('without Go in the PATH says that it is one bridge alone, or that the one which was asked for cannot be had', async () => {
    const home = temporaryDir();
    const env = { ...clientEnv(home), PATH: '/nowhere', WHATSAPP_BRIDGE: 'auto' };
    const ended = await runProgram(['demo', '--messages', '500'], env);
    expect(ended).toMatchObject({ code: 0, stderr: '' });
    expect(ended.stdout).toContain('Baileys alone: there is no Go in the PATH that could build wa-bridge.');
    expect(ended.stdout).toContain('Bridges: baileys ready\n');
    const refused = await runProgram(['demo', '--bridge', 'whatsmeow'], env);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('The simulation needs Go') });
    expect(readdirSync(home)).toEqual([]);
  });

  test('that is interrupted leaves nothing behind', async () => {
    const home = temporaryDir();
    const started = startProgram(['demo'], clientEnv(home));
    await new Promise<void>((resolve) =>
      started.child.stdout?.on('data', () => started.stdout().includes('[2/4]') && resolve()),
    );
    started.child.kill('SIGINT');
    expect(await started.ended).toEqual({ code: 130, signal: null });
    expect(readdirSync(home)).toEqual([]);
  });
});

describe('setup', () => {
  test('of the built program writes the file of a client, refuses without a terminal, and refuses an unreadable file', async () => {
    const home = temporaryDir();
    const env = clientEnv(home);
    const unasked = await runProgram(['setup', 'cursor'], env);
    expect(unasked).toMatchObject({ code: 1, stderr: expect.stringContaining('--yes') });
    expect(readdirSync(home)).toEqual([]);
    const unnamed = await runProgram(['setup'], env);
    expect(unnamed).toMatchObject({ code: 1, stderr: expect.stringContaining('claude-desktop, claude-code, cursor') });
    const done = await runProgram(['setup', 'cursor', '--yes', '--json', '--bridge', 'baileys'], env);
    expect(done).toMatchObject({ code: 0, stderr: '' });
    const { file, entry } = JSON.parse(done.stdout);
    expect(entry.env).toEqual({ WHATSAPP_BRIDGE: 'baileys' });
    expect(JSON.parse(readFileSync(file, 'utf8')).mcpServers.whatsapp).toEqual(entry);
    writeFileSync(file, '{ "mcpServers": {');
    const refused = await runProgram(['setup', 'cursor', '--yes'], env);
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/no JSON[\s\S]*--print/) });
    expect(readFileSync(file, 'utf8')).toBe('{ "mcpServers": {');
  });
});
