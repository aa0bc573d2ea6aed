import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { writeHandover } from '../../../src/cli/browser.ts';
import { qrImage } from '../../../src/tools/system/qr-image.ts';
import { atEnd } from '../../support/at-end.ts';
import { screenshot } from '../../support/e2e/chromium.ts';
import { bringCode, type EnteredPage, enterPage } from '../../support/e2e/page-entry.ts';
import { clientEnv, type StartedProgram, startProgram, temporaryDir } from '../../support/e2e/program.ts';
import { startWorld } from '../../support/e2e/simulator.ts';
import { poll, until } from '../../support/poll.ts';

/** Resolves with the first output of a command that matches. */
async function said(program: StartedProgram, words: RegExp): Promise<string> {
  for (;;) {
    const found = words.exec(program.stdout())?.[1];
    if (found !== undefined) return found;
    await new Promise((resolve) => program.child.stdout?.once('data', resolve));
  }
}

async function startLogin(messages: number, surroundings: Record<string, string> = {}) {
  const simulator = await startWorld({ messages });
  const env = clientEnv(temporaryDir(), { WHATSAPP_DATA_DIR: temporaryDir(), ...surroundings });
  const login = startProgram(['login', '--simulator', simulator.url], env);
  const address = await said(login, /(http:\/\/127\.0\.0\.1:\d+\/\S+)/);
  return { simulator, login, address, dataDir: env['WHATSAPP_DATA_DIR'] ?? '' };
}

/** Polls the page until it matches, as a browser does. */
function shows(page: EnteredPage, words: RegExp): Promise<RegExpExecArray | null> {
  return poll(async () => words.exec(await (await page.fetch()).text()), Boolean);
}

test('login links by the page alone: a number goes in, the code comes out, and it says so when all can be searched', async () => {
  const { simulator, login, address } = await startLogin(300);
  const entered = await enterPage(address);
  const qr = await said(login, /^QR text: (\S+)$/m);
  expect(await (await entered.fetch()).text()).toContain((await qrImage(qr)).data); // the same code as in the terminal
  const phone = `+${simulator.world.me.pn.split('@')[0]}`;
  const form = { method: 'POST', headers: { origin: new URL(address).origin } };
  const wrong = await entered.fetch('phone', { ...form, body: new URLSearchParams({ phone: '555' }) });
  expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('country code')]);
  const page = await (await entered.fetch('phone', { ...form, body: new URLSearchParams({ phone }) })).text();
  const code = /<strong class="code">([^<]+)</.exec(page)?.[1];
  expect(await said(login, /^Code: (\S+)$/m)).toBe(code);
  await fetch(simulator.document.scan_url, { method: 'POST', body: JSON.stringify({ code, phone }) });
  await shows(entered, /data-kind="history"/);
  await shows(entered, /300 messages of its history can be searched/);
  expect(await login.ended).toEqual({ code: 0, signal: null });
  await expect(entered.fetch()).rejects.toThrow();
  expect(login.stdout() + login.stderr()).not.toContain(phone.slice(1));
}, 300_000);

/** A desktop whose browser records the page and runs until the test ends it. */
function desk() {
  const folder = temporaryDir();
  const [seen, end] = [join(folder, 'seen'), join(folder, 'end')];
  const browser = `#!/bin/sh
echo "$1" > '${seen}.new' && mv '${seen}.new' '${seen}'
until test -e '${end}'; do sleep 0.05; done
`;
  writeFileSync(join(folder, 'xdg-open'), browser, { mode: 0o755 });
  atEnd(() => writeFileSync(end, ''));
  return {
    surroundings: { DISPLAY: ':0', PATH: `${folder}:${process.env['PATH']}` },
    async shown(): Promise<string> {
      await until(() => existsSync(seen));
      return readFileSync(seen, 'utf8').trim();
    },
  };
}

/** The command lines of all processes, which every user can read. */
const commandLines = () =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
      } catch {
        return []; // it has ended
      }
    });

test('a page that login opened in the browser says why it failed', async () => {
  const { shown, surroundings } = desk();
  const { simulator, login } = await startLogin(100, surroundings);
  const qr = await said(login, /^QR text: (\S+)$/m);
  expect(login.stdout()).toContain('It opens in your browser.');
  const entered = await enterPage(codeIn(readFileSync(await shown(), 'utf8')));
  const problem = shows(entered, /class="bad">([^<]*passkey[^<]*)</);
  await fetch(simulator.document.scan_url, { method: 'POST', body: JSON.stringify({ qr, passkey: true }) });
  expect((await problem)?.[1]).toContain('WhatsApp asks for a passkey');
  expect(await login.ended).toEqual({ code: 1, signal: null });
  expect(login.stderr()).toContain('WhatsApp asks for a passkey');
});

/** The address to which the browser's file posts its code, as the terminal prints it. */
function codeIn(file: string): string {
  const [, origin] = /action="(\S+)\/enter"/.exec(file) ?? [];
  const [, code] = /name="code" value="(\S+)"/.exec(file) ?? [];
  return `${origin}/#${code}`;
}

test.runIf(process.platform === 'linux')(
  'the browser is given a file of the user, which opens the page once and goes then; no list of processes has its code',
  async () => {
    const { shown, surroundings } = desk();
    const { login, address, dataDir } = await startLogin(100, surroundings);
    const path = await shown();
    expect([dirname(path), statSync(path).mode & 0o777]).toEqual([dataDir, 0o600]);
    const own = codeIn(readFileSync(path, 'utf8'));
    expect([new URL(own).origin, own === address]).toEqual([new URL(address).origin, false]);
    const running = commandLines().filter((line) => line.includes(path));
    expect(running.length).toBeGreaterThan(0); // the browser is running, and the process list shows it
    for (const code of [own, address].map((url) => new URL(url).hash.slice(1)))
      expect(commandLines().filter((line) => line.includes(code))).toEqual([]);
    const { cookie } = await enterPage(own);
    expect(commandLines().filter((line) => line.includes(cookie.slice('pairing='.length)))).toEqual([]);
    expect(existsSync(path)).toBe(false);
    expect((await bringCode(own)).status).toBe(403);
    expect((await bringCode(address)).status).toBe(200);
    login.child.kill('SIGTERM');
    expect((await login.ended).code).toBe(130);
  },
);

test('a file that no browser asked for goes with the command, and that of one that was killed with the next', async () => {
  const { shown, surroundings } = desk();
  const { login, dataDir } = await startLogin(100, surroundings);
  const path = await shown();
  expect(existsSync(path)).toBe(true);
  const old = writeHandover('http://127.0.0.1:1/#code', temporaryDir());
  expect(readdirSync(dirname(old.path))).toHaveLength(1);
  writeHandover('http://127.0.0.1:1/#code', dirname(old.path));
  expect([existsSync(old.path), readdirSync(dirname(old.path)).length]).toEqual([false, 1]);
  login.child.kill('SIGTERM');
  await login.ended;
  expect(readdirSync(dataDir).filter((name) => name.startsWith('page-'))).toEqual([]);
});

screenshot.test('the page of login is drawn by a browser', async () => {
  const { address } = await startLogin(100);
  const file = join(temporaryDir(), 'page.png');
  await screenshot.of(address, file, { width: 500, height: 900 });
  const png = readFileSync(file);
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([500, 900]);
  expect(png.length).toBeGreaterThan(10_000); // a blank page is a tenth of that
});
