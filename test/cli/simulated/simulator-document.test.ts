import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { fetchSimulatorDocument, scan } from '../../../src/cli/simulated/simulator-document.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

const document = {
  socket_url: 'ws://127.0.0.1:1/ws',
  media_origin: 'http://127.0.0.1:1',
  noise_root: 'ab'.repeat(32),
  scan_url: 'http://localhost:1/scan',
};

/** A server on loopback with one answer for everything; returns its address and its requests. */
async function answering(body: unknown, status = 200, headers: Record<string, string> = {}) {
  const received: string[] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.on('data', (chunk) => (text += chunk));
    request.on('end', () => {
      received.push(text);
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simulator.json`, received };
}

describe('The document of a simulated WhatsApp', () => {
  test('is read from this machine with where it was found, extra fields left aside', async () => {
    const { url } = await answering({ ...document, now: '2026-01-01T00:00:00Z', extra: 1 });
    expect(await fetchSimulatorDocument(url)).toEqual({ ...document, url, now: '2026-01-01T00:00:00Z' });
  });

  test.each(['http://192.0.2.1/simulator.json', 'https://example.com/', 'http://127.0.0.1.example.com/', 'simulator'])(
    'is not asked for at %s',
    async (url) => {
      await expect(fetchSimulatorDocument(url)).rejects.toMatchObject({ code: 'invalid_input' });
    },
  );

  test.each([
    ['sends its connection elsewhere', { ...document, socket_url: 'wss://web.example.com/ws/chat' }, /socket_url/],
    ['sends media elsewhere', { ...document, media_origin: 'https://mmg.example.net' }, /media_origin/],
    ['has no key', { ...document, noise_root: 'ab' }, /noise_root/],
    ['is something else', 'hello', /not the document/],
  ])('is refused when it %s', async (_, body, words) => {
    const { url } = await answering(body);
    await expect(fetchSimulatorDocument(url)).rejects.toThrow(words);
  });

  test('is refused when it is somewhere else after all', async () => {
    const { url } = await answering('', 302, { location: 'http://192.0.2.1/simulator.json' });
    await expect(fetchSimulatorDocument(url)).rejects.toMatchObject({
      nextStep: expect.stringContaining('whatsapp-hybrid-mcp simulator'),
    });
  });

  test('that has no server is named in the error', async () => {
    const { url } = await answering({});
    for (const server of servers.splice(0)) server.close().closeAllConnections();
    await expect(fetchSimulatorDocument(url)).rejects.toThrow(url);
  });
});

describe('The simulated phone', () => {
  test('is handed the code', async () => {
    const { url, received } = await answering({});
    await scan({ ...document, scan_url: url }, '2@abc,def');
    expect(received).toEqual(['{"qr":"2@abc,def"}']);
  });

  test('may refuse it', async () => {
    const { url } = await answering({}, 400);
    await expect(scan({ ...document, scan_url: url }, 'x')).rejects.toMatchObject({ code: 'upstream_rejected' });
  });
});
