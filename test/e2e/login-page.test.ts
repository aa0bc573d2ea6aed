import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { qrImage } from '../../src/tools/qr-image.ts';
import { screenshot } from '../support/chromium.ts';
import { clientEnv, type StartedProgram, startProgram, temporaryDir } from '../support/e2e-program.ts';
import { startWorld } from '../support/e2e-simulator.ts';

/** What a command said, as soon as it has said it. */
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
  const url = await said(login, /(http:\/\/127\.0\.0\.1:\d+\/\S+)/);
  return { simulator, login, url };
}

const get = async (url: string) => (await fetch(url)).text();

/** Looks at the page until it shows this, as a browser does. */
async function shows(url: string, words: RegExp): Promise<RegExpExecArray> {
  for (;;) {
    const found = words.exec(await get(url));
    if (found) return found;
  }
}

test('login links by the page alone: a number goes in, the code comes out, and it says so when all can be searched', async () => {
  const { simulator, login, url } = await startLogin(300);
  const qr = await said(login, /^QR text: (\S+)$/m);
  expect(await get(url)).toContain((await qrImage(qr)).data); // the very code of the terminal
  const phone = `+${simulator.world.me.pn.split('@')[0]}`;
  const form = { method: 'POST', headers: { origin: new URL(url).origin } };
  const wrong = await fetch(`${url}phone`, { ...form, body: new URLSearchParams({ phone: '555' }) });
  expect([wrong.status, await wrong.text()]).toEqual([400, expect.stringContaining('country code')]);
  const page = await (await fetch(`${url}phone`, { ...form, body: new URLSearchParams({ phone }) })).text();
  const code = /<strong class="code">([^<]+)</.exec(page)?.[1];
  expect(await said(login, /^Code: (\S+)$/m)).toBe(code);
  await fetch(simulator.document.scan_url, { method: 'POST', body: JSON.stringify({ code, phone }) });
  await shows(url, /data-kind="history"/);
  await shows(url, /300 messages of its history can be searched/);
  expect(await login.ended).toEqual({ code: 0, signal: null });
  await expect(get(url)).rejects.toThrow();
  expect(login.stdout() + login.stderr()).not.toContain(phone.slice(1));
}, 300_000);

/** A desk with a display, whose browser writes down what it is to show. */
function desk() {
  const folder = temporaryDir();
  const seen = join(folder, 'seen');
  writeFileSync(join(folder, 'xdg-open'), `#!/bin/sh\necho "$1" > '${seen}.new' && mv '${seen}.new' '${seen}'\n`, {
    mode: 0o755,
  });
  return { seen, surroundings: { DISPLAY: ':0', PATH: `${folder}:${process.env['PATH']}` } };
}

test('a page that login opened in the browser says why it failed', async () => {
  const { seen, surroundings } = desk();
  const { simulator, login, url } = await startLogin(100, surroundings);
  const qr = await said(login, /^QR text: (\S+)$/m);
  expect(login.stdout()).toContain('It opens in your browser.');
  while (!existsSync(seen)) await turn();
  expect(readFileSync(seen, 'utf8')).toBe(`${url}\n`);
  const problem = shows(url, /class="bad">([^<]*passkey[^<]*)</);
  await fetch(simulator.document.scan_url, { method: 'POST', body: JSON.stringify({ qr, passkey: true }) });
  expect((await problem)[1]).toContain('WhatsApp asks for a passkey');
  expect(await login.ended).toEqual({ code: 1, signal: null });
  expect(login.stderr()).toContain('WhatsApp asks for a passkey');
});

screenshot.test('the page of login is drawn by a browser', async () => {
  const { url } = await startLogin(100);
  const file = join(temporaryDir(), 'page.png');
  await screenshot.of(url, file, { width: 500, height: 900 });
  const png = readFileSync(file);
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([500, 900]);
  expect(png.length).toBeGreaterThan(10_000); // a blank page has a tenth of that
});
