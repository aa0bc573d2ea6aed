import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { door, doorScript, handover, welcome } from '../../src/page/door.ts';
import { createPairingPage, type PairingPage } from '../../src/page/page.ts';
import { bringCode, enterPage } from '../support/e2e/page-entry.ts';
import { historyProgress } from '../support/fakes/fake-services.ts';

let page: PairingPage;
let address: string;
beforeEach(async () => {
  page = createPairingPage({
    runTool: async () => ({ ok: true, value: { success: true, state: 'pairing', code: 'ABCD-1234' }, summary: '' }),
    history: () => ({ progress: () => historyProgress({}), pendingRows: () => 0 }),
  });
  address = await page.open('baileys');
});
afterEach(() => page.close());

describe('The door', () => {
  test('admits a browser with the code, and does not repeat the code in its answer', async () => {
    const answer = await bringCode(address);
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect([answer.status, cookie]).toEqual([200, expect.stringContaining('HttpOnly; SameSite=Strict')]);
    const text = await answer.text();
    expect(text).not.toContain(new URL(address).hash.slice(1));
    expect(text).not.toContain(/pairing=([^;]+)/.exec(cookie)?.[1]);
    const { fetch } = await enterPage(await page.open('baileys'));
    expect(await (await fetch()).text()).toContain('ABCD-1234');
  });

  test('refuses a code the second time, another code, and none, with words and without a cookie', async () => {
    await bringCode(address);
    for (const url of [address, `${new URL(address).origin}/#other`, `${new URL(address).origin}/`]) {
      const answer = await bringCode(url);
      expect([answer.status, answer.headers.get('set-cookie')]).toEqual([403, null]);
      expect(await answer.text()).toContain('used already');
    }
  });

  test('refuses a code from another site, which can still be used then', async () => {
    expect((await bringCode(address, 'http://evil.example')).status).toBe(403);
    expect((await bringCode(address, 'null')).status).toBe(200);
  });

  test('refuses a code that is too long to be one', async () => {
    expect((await bringCode(`${address}${'x'.repeat(2000)}`)).status).toBe(413);
  });

  test('shows visitors without the cookie the same view, never the page', async () => {
    const { origin } = new URL(address);
    const shown = await fetch(`${origin}/`);
    expect([shown.status, await shown.text()]).toEqual([200, expect.stringContaining('action="/enter"')]);
    const hash = createHash('sha256').update(doorScript).digest('base64');
    expect(shown.headers.get('content-security-policy')).toContain(`script-src 'sha256-${hash}';`);
    const { url } = await enterPage(address);
    expect((await fetch(url)).status).toBe(404);
  });

  test('calls back when a browser uses the address', async () => {
    let used = 0;
    const invited = (await page.invite(() => used++)) ?? '';
    await bringCode(`${invited}x`);
    expect(used).toBe(0);
    await bringCode(invited);
    expect(used).toBe(1);
    await page.close();
    expect(await page.invite(() => used++)).toBeUndefined();
  });
});

describe('The pages around it', () => {
  test('the file posts the code where the address leads, and has it nowhere else', () => {
    const text = handover('http://127.0.0.1:4321/#aB-3_');
    expect(text).toContain('<form method="post" action="http://127.0.0.1:4321/enter">');
    expect(text.match(/aB-3_/g)).toHaveLength(1);
    expect(text).toContain('<input type="hidden" name="code" value="aB-3_">');
  });

  test('the script takes the code out of the history before it is handed over', () => {
    expect(doorScript.indexOf('replaceState')).toBeLessThan(doorScript.indexOf('submit()'));
    expect(door('p {}', false)).toContain(`<script>${doorScript}</script>`);
  });

  test('links to the page after admission, since a redirect would lack the cookie', () => {
    expect(welcome('/p/abc/')).toContain('<meta http-equiv="refresh" content="0; url=/p/abc/">');
  });
});
