import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { writeHandover } from '../../src/cli/browser.ts';
import { createPairingPage, type PairingPage, type Timeouts } from '../../src/page/page.ts';
import type { ToolOutcome } from '../../src/server/run.ts';
import { dumpDom } from '../support/e2e/chromium.ts';
import { enterPage } from '../support/e2e/page-entry.ts';
import { historyProgress } from '../support/fakes/fake-services.ts';

const image = { mimeType: 'image/png', data: 'QUJD' };
const qr = { state: 'pairing', qr: '2@abc', seconds_left: 20 };
const code = { state: 'pairing', code: 'ABCD-1234', seconds_left: 150 };
const linked = { state: 'ready' };
const unlinked = { state: 'unlinked', message: 'Nobody used the code in time.' };

type Value = Record<string, unknown>;

const ok = (value: Value): ToolOutcome => ({
  ok: true,
  value: { success: true, message: null, ...value },
  summary: '',
  ...(value['qr'] !== undefined && { image }),
});

const failure = (message: string): ToolOutcome => ({
  ok: false,
  error: { success: false, error_code: 'invalid_input', message, hint: 'Correct it.', retryable: false },
});

const pages: PairingPage[] = [];
afterEach(async () => {
  for (const page of pages.splice(0)) await page.close();
});

/** A page for a bridge that the test controls; `begun` are the pairings started on it. */
async function served(first: Value, patience: Partial<Timeouts> = {}) {
  const state = { now: first, waiting: 0, begun: [] as unknown[], refuse: undefined as string | undefined, looks: 0 };
  const page = createPairingPage(
    {
      async runTool(name, args) {
        if (name === 'get_pairing_status') {
          state.looks++;
          return ok(state.now);
        }
        state.begun.push(args);
        return state.refuse === undefined ? ok(state.now) : failure(state.refuse);
      },
      history: () => ({
        progress: () => historyProgress({ status: 'completed', messagesSynced: 9 }),
        pendingRows: () => state.waiting,
      }),
    },
    patience,
  );
  pages.push(page);
  const address = await page.open('baileys');
  const entered = await enterPage(address);
  const { url } = entered;
  const { origin } = new URL(url);
  const get = async (path = '') => (await entered.fetch(path)).text();
  const post = (path: string, phone?: string) =>
    entered.fetch(path, {
      method: 'POST',
      headers: { origin },
      redirect: 'manual',
      ...(phone !== undefined && { body: new URLSearchParams({ phone }) }),
    });
  return { page, address, entered, url, state, get, post };
}

const isServed = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  );

/** Sends no request until the page has stopped by itself. */
async function stopped(url: string): Promise<void> {
  const { port } = new URL(url);
  const open = () =>
    new Promise<boolean>((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
    });
  while (await open());
}

describe('The page of a pairing', () => {
  test('is on this machine alone, behind a path of its own that ends with it', async () => {
    const { page, url } = await served(qr);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/p\/[\w-]{12}\/$/);
    expect((await enterPage(await page.open('baileys'))).url).toBe(url);
    const others = Object.values(networkInterfaces()).flatMap((faces) => faces ?? []);
    for (const { address } of others.filter(({ internal, family }) => !internal && family === 'IPv4')) {
      expect(await isServed(url.replace('127.0.0.1', address))).toBe(false);
    }
    await page.close();
    const later = await enterPage(await page.open('baileys'));
    expect(new URL(later.url).pathname).not.toBe(new URL(url).pathname);
  });

  test('shows the newest state at every poll', async () => {
    const { get, state } = await served(qr);
    expect(await get()).toContain('base64,QUJD');
    state.now = code;
    expect(await get()).toContain('ABCD-1234');
    state.now = linked;
    expect(await get()).toContain('Ready');
  });

  test('begins a pairing by code with the number from its form, and goes back to what it shows', async () => {
    const { post, state, get } = await served(qr);
    expect(await get('phone')).toContain('<form method="post" action="phone">');
    const answer = await post('phone', '+1 555 010 0000');
    expect([answer.status, answer.headers.get('location')]).toEqual([303, './']);
    expect(state.begun).toEqual([{ bridge: 'baileys', method: 'code', phone: '+1 555 010 0000' }]);
    expect((await post('qr')).status).toBe(303);
    expect(state.begun[1]).toEqual({ bridge: 'baileys', method: 'qr' });
  });

  test('shows the form again with what was wrong', async () => {
    const { post, state } = await served(qr);
    state.refuse = 'The number needs its country code.';
    const answer = await post('phone', '555"');
    expect(answer.status).toBe(400);
    const page = await answer.text();
    expect(page).toContain('The number needs its country code.');
    expect(page).toContain('value="555&#34;"');
  });

  test('shows why a new code was refused, until one is given', async () => {
    const { post, state, get } = await served(unlinked);
    expect(await get()).toContain('Nobody used the code in time.');
    state.refuse = 'WhatsApp gives no more codes.';
    await post('qr');
    expect(await get()).toContain('WhatsApp gives no more codes.');
    state.refuse = undefined;
    await post('qr');
    expect(await get()).not.toContain('no more codes');
  });

  test('answers every page with its headers, and what is none without words', async () => {
    const { url, post, entered } = await served(qr);
    const { headers } = await entered.fetch();
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('cache-control')).toBe('no-store');
    const wrong = await entered.fetch('nothing');
    expect([wrong.status, await wrong.text()]).toEqual([404, '']);
    expect((await entered.fetch('', { method: 'DELETE' })).status).toBe(404);
    expect((await post('phone', '1'.repeat(2000))).status).toBe(413);
    expect((await fetch(`${url}phone`, { method: 'POST', body: 'phone=1' })).status).toBe(403);
  });

  test('stops when the pairing has ended and no browser polls', async () => {
    const { url, state } = await served(qr, { idleMs: 0, checkMs: 1 });
    while (state.looks < 3) await isServed(url); // it stays up during the pairing
    state.now = linked;
    await stopped(url);
  });

  test('stops under a tab that was forgotten', async () => {
    const { url, state, get } = await served(qr, { afterEndMs: 0, checkMs: 1 });
    await get();
    state.now = unlinked;
    while (await isServed(url));
    expect(state.looks).toBeGreaterThan(0);
  });
});

describe('When the command ends', () => {
  test('a browser that polled just before gets the final view, without a button', async () => {
    const { page, url, state, get } = await served(qr, { finalViewMs: 60_000 });
    await get();
    const finished = page.finish();
    state.now = unlinked;
    expect(await get()).toContain('whatsapp-hybrid-mcp login');
    await finished;
    expect(await isServed(url)).toBe(false);
  });

  test('does not wait for a browser that did not poll, or that has the final view', async () => {
    const never = await served(qr, { finalViewMs: 60_000 });
    await never.page.finish();
    expect(await isServed(never.url)).toBe(false);
    const { page, get, url } = await served(linked, { finalViewMs: 60_000 });
    await get();
    await page.finish();
    expect(await isServed(url)).toBe(false);
  });

  test('a page that was never opened has nothing to finish', async () => {
    const page = createPairingPage({ runTool: async () => failure(''), history: () => ({}) as never });
    await page.finish();
    await page.close();
  });
});

describe('In a browser', () => {
  dumpDom.test('the script follows the pairing to its end, and the policy lets it', async () => {
    const { page, state } = await served(qr);
    const follow = setInterval(() => {
      if (state.looks >= 2) state.now = code;
      if (state.looks >= 4) state.now = linked;
    }, 1);
    try {
      const dom = await dumpDom.of(await page.open('baileys'));
      expect(dom).toMatch(/<main[^>]*data-kind="done"/);
      expect(dom).toMatch(/<p id="status"[^>]*>Ready</);
      expect(dom).toMatch(/<p id="gone"[^>]*hidden/);
    } finally {
      clearInterval(follow);
    }
  });

  dumpDom.test('a file that hands the code over leads to the page, once', async () => {
    const { page } = await served(qr);
    const folder = mkdtempSync(join(tmpdir(), 'handover-'));
    try {
      const { path } = writeHandover(await page.open('baileys'), folder);
      expect(await dumpDom.of(pathToFileURL(path).href)).toMatch(/<main[^>]*data-kind="qr"/);
      const again = await dumpDom.of(pathToFileURL(path).href);
      expect(again).not.toContain('data-kind="qr"');
      expect(again).toContain('This code was used already');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
