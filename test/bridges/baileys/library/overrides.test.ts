import { createServer, type IncomingMessage, type Server } from 'node:http';
import { request as secureRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import * as library from '@whiskeysockets/baileys';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectionOverrides, downloadOptions } from '../../../../bridges/baileys/library/overrides.ts';
import type { SimulatorDocument } from '../../../../src/config.ts';

let server: Server;
let origin: string;
const seen: string[] = [];

beforeAll(async () => {
  server = createServer((incoming, response) => {
    seen.push(`${incoming.method} ${incoming.url}`);
    response.end('simulated');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

const document = (part: Partial<SimulatorDocument> = {}): SimulatorDocument => ({
  socket_url: 'ws://127.0.0.1:1/ws/chat',
  media_origin: origin,
  noise_root: 'ab'.repeat(32),
  scan_url: `${origin}/scan`,
  ...part,
});

test('without a simulator requests go where they are meant to, and WhatsApp’s own root stays', async () => {
  const root = Buffer.from(library.WA_CERT_DETAILS.PUBLIC_KEY);
  expect(connectionOverrides(library, null)).toEqual({});
  await fetch(origin).then((answer) => answer.text()); // Node creates its dispatcher at the first use
  seen.length = 0;
  expect(await (await fetch(`${origin}/direct`, downloadOptions(null, 1_000))).text()).toBe('simulated');
  expect(seen.splice(0)).toEqual(['GET /direct']);
  expect(Buffer.from(library.WA_CERT_DETAILS.PUBLIC_KEY)).toEqual(root);
});

test('with one, socket, root, downloads and uploads all go to it', async () => {
  const overrides = connectionOverrides(library, document());
  expect(overrides.waWebSocketUrl).toBe('ws://127.0.0.1:1/ws/chat');
  expect(Buffer.from(library.WA_CERT_DETAILS.PUBLIC_KEY).toString('hex')).toBe('ab'.repeat(32));
  const answer = await fetch('https://mmg.whatsapp.net/v/blob?x=1', overrides.options);
  expect(await answer.text()).toBe('simulated');
  const uploaded = await new Promise<IncomingMessage>((resolve, reject) => {
    const options = { method: 'POST', agent: overrides.fetchAgent };
    secureRequest('https://mmg.whatsapp.net/mms/image/abc', options, resolve).on('error', reject).end('bytes');
  });
  uploaded.resume();
  expect(seen).toEqual(['GET /v/blob?x=1', 'POST /mms/image/abc']);
});

test.each([
  [{ socket_url: 'wss://web.whatsapp.com/ws/chat' }],
  [{ socket_url: 'ws://198.51.100.7:80/ws' }],
  [{ media_origin: 'https://mmg.whatsapp.net' }],
  [{ media_origin: 'http://127.0.0.1.example.org' }],
  [{ socket_url: 'not an address' }],
])('an address outside of this machine is refused: %o', (part) => {
  const root = Buffer.from(library.WA_CERT_DETAILS.PUBLIC_KEY).toString('hex');
  expect(() => connectionOverrides(library, document({ ...part, noise_root: 'cd'.repeat(32) }))).toThrow(
    expect.objectContaining({ code: 'not_permitted' }),
  );
  expect(Buffer.from(library.WA_CERT_DETAILS.PUBLIC_KEY).toString('hex')).toBe(root);
});

test('a download that brings nothing for too long fails', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const media_origin = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const options = downloadOptions(document({ media_origin }), 50);
  await expect(fetch('https://mmg.whatsapp.net/v/blob', options)).rejects.toThrow();
  expect(() => downloadOptions(document({ media_origin: 'http://198.51.100.7' }), 50)).toThrow();
  silent.closeAllConnections();
  silent.close();
});
