import { createCipheriv, createHmac, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deflateSync } from 'node:zlib';
import * as library from '@whiskeysockets/baileys';
import { proto } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DownloadError } from '../../../../bridges/baileys/library/encrypted-file.ts';
import { downloadOptions } from '../../../../bridges/baileys/library/overrides.ts';
import { readHistory } from '../../../../bridges/baileys/receive/history-blob.ts';
import { friend, sentAt } from '../translate/wire-message.ts';

const mediaKey = randomBytes(32);
let server: Server;
let answer: (path: string) => { status: number; body: Buffer; cutAt?: number } = () => ({
  status: 200,
  body: Buffer.alloc(0),
});
let request: RequestInit;

beforeAll(async () => {
  server = createServer((incoming, response) => {
    const { status, body, cutAt } = answer(incoming.url ?? '');
    response.writeHead(status, { 'content-length': body.length });
    if (cutAt === undefined) response.end(body);
    else response.write(body.subarray(0, cutAt), () => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const media_origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  request = downloadOptions({ socket_url: '', media_origin, noise_root: '', scan_url: '' }, 2_000);
  await fetch(media_origin).catch(() => undefined); // Node creates its dispatcher at the first use
});
afterAll(() => void server.close());

const history = proto.HistorySync.encode({
  syncType: proto.HistorySync.HistorySyncType.FULL,
  conversations: [
    {
      id: friend,
      messages: [
        { message: { key: { id: 'A', remoteJid: friend }, messageTimestamp: sentAt, message: { conversation: 'hi' } } },
      ],
    },
  ],
}).finish();

/** A file as the phone uploads it to the media server. */
async function seal(plain: Buffer): Promise<Buffer> {
  const { cipherKey, iv, macKey } = await library.getMediaKeys(mediaKey, 'md-msg-hist');
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  const mac = createHmac('sha256', macKey ?? '')
    .update(iv)
    .update(sealed)
    .digest();
  return Buffer.concat([sealed, mac.subarray(0, 10)]);
}

let file: Buffer;
beforeEach(async () => {
  file = await seal(deflateSync(history));
  answer = () => ({ status: 200, body: file });
});

const read = (part: proto.Message.IHistorySyncNotification = {}) =>
  readHistory(library, { directPath: '/v/t62?ccb=1', mediaKey, ...part }, request);

describe('a history file', () => {
  test('is fetched from its path, opened and taken apart', async () => {
    const paths: string[] = [];
    answer = (path) => {
      paths.push(path);
      return { status: 200, body: file };
    };
    const data = await read();
    expect(paths).toEqual(['/v/t62?ccb=1']);
    expect(data.messages.map((message) => message.message?.conversation)).toEqual(['hi']);
    expect(data.chats.map((chat) => chat.id)).toEqual([friend]);
  });

  test('inside of the notification needs no server', async () => {
    answer = () => ({ status: 500, body: Buffer.alloc(0) });
    const data = await read({ initialHistBootstrapInlinePayload: deflateSync(history) });
    expect(data.messages).toHaveLength(1);
  });

  test.each([404, 410, 503])('that the server answers with %i fails with that status', async (status) => {
    answer = () => ({ status, body: Buffer.from('gone') });
    const error = await read().catch((cause: unknown) => cause);
    expect(error).toBeInstanceOf(DownloadError);
    expect(error).toMatchObject({ status, message: `download failed with status ${status}` });
  });

  test('whose connection breaks half way is an error, not the end of the process', async () => {
    answer = () => ({ status: 200, body: file, cutAt: file.length >> 1 });
    await expect(read()).rejects.toThrow();
  });

  test('that was changed in one byte is refused', async () => {
    for (const place of [0, file.length >> 1, file.length - 1]) {
      const changed = Buffer.from(file);
      changed[place] = (changed[place] ?? 0) ^ 1;
      answer = () => ({ status: 200, body: changed });
      await expect(read()).rejects.toThrow('changed on its way');
    }
  });

  test.each([0, 5, 10])('of %i bytes is refused', async (length) => {
    answer = () => ({ status: 200, body: Buffer.alloc(length) });
    await expect(read()).rejects.toThrow('changed on its way');
  });

  test('under another key is refused', async () => {
    await expect(read({ mediaKey: randomBytes(32) })).rejects.toThrow('changed on its way');
  });

  test.each([{ directPath: null }, { mediaKey: null }])('that is not named (%o) is refused', async (part) => {
    await expect(read(part)).rejects.toThrow('names no file');
  });

  test('is given up at once when nobody wants it any more', async () => {
    const controller = new AbortController();
    answer = () => {
      controller.abort();
      return { status: 200, body: file, cutAt: 1 };
    };
    const reading = readHistory(library, { directPath: '/v', mediaKey }, { ...request, signal: controller.signal });
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });
});
