import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { type Client, connect, isOpen, memoryStore } from './client.ts';
import { tinyPlan, tinyWorld } from './tiny-world.ts';

let simulator: Simulator;

beforeEach(async () => {
  simulator = await startSimulator({ world: tinyWorld(), plan: tinyPlan });
});

afterEach(() => simulator.stop());

function at(path: string): string {
  return `${simulator.document.media_origin}${path}`;
}

describe('the HTTP API', () => {
  it('describes itself in a document, on loopback', async () => {
    const document = await (await fetch(simulator.url)).json();
    const port = new URL(simulator.url).port;
    expect(document).toEqual({
      socket_url: `ws://127.0.0.1:${port}/ws/chat`,
      media_origin: `http://127.0.0.1:${port}`,
      noise_root: expect.stringMatching(/^[0-9a-f]{64}$/),
      scan_url: `http://127.0.0.1:${port}/simulator/scan`,
      message_url: `http://127.0.0.1:${port}/simulator/message`,
    });
  });

  it("shows the world's time only when it is set", async () => {
    const timed = await startSimulator({ world: tinyWorld(), plan: tinyPlan, now: '2026-11-20T12:00:00Z' });
    expect(await (await fetch(timed.url)).json()).toMatchObject({ now: '2026-11-20T12:00:00Z' });
    await timed.stop();
  });

  it('hands out credentials that log in', async () => {
    const response = await fetch(at('/simulator/credentials'), { method: 'POST' });
    const client: Client = connect(simulator, memoryStore(await response.text()));
    await client.until(isOpen);
    expect(client.socket.user?.name).toBe('Morgan Test');
    await client.close();
  });

  it('lets a person write, and answers once every linked device has confirmed the message', async () => {
    const clients = [];
    for (let number = 0; number < 2; number++) {
      const client = connect(simulator, memoryStore(simulator.credentials()));
      await client.until(isOpen);
      clients.push(client);
    }
    const [first = '', second = ''] = simulator.devices().map(({ jid }) => jid);
    const release = simulator.hold(second);
    const taken = simulator.next('acked', ({ device, type }) => device === first && type === 'inactive');
    const ask = (body: string) => fetch(at('/simulator/message'), { method: 'POST', body });
    let answered = false;
    const answer = ask('{"text":"Hello from outside"}').finally(() => {
      answered = true;
    });
    await taken;
    expect(answered).toBe(false);
    release();
    const spoken = (await (await answer).json()) as { id: string; confirmed: string[] };
    expect(spoken.confirmed).toEqual([first, second].sort());
    for (const client of clients) {
      const received = await client.message(({ key }) => key.id === spoken.id);
      expect(received.message?.conversation).toBe('Hello from outside');
      await client.close();
    }
    for (const wrong of ['', '[]', '{"text":""}', '{"text":1}']) expect((await ask(wrong)).status).toBe(400);
  });

  it('stores uploads and returns them, with any query string', async () => {
    const body = Buffer.from('encrypted bytes');
    const upload = await fetch(at('/mms/image/token?auth=sim'), { method: 'POST', body });
    const { direct_path } = (await upload.json()) as { direct_path: string };
    expect(direct_path).toContain('?');
    const path = direct_path.split('?')[0];
    for (const asked of [direct_path, `${direct_path}&hash=abc`, path, `${path}&hash=abc&mms-type=image`]) {
      expect(Buffer.from(await (await fetch(at(asked as string))).arrayBuffer())).toEqual(body);
    }
  });

  it('answers 404 for unknown files, and handles deletions', async () => {
    expect((await fetch(at('/v/nothing.enc?x'))).status).toBe(404);
    expect((await fetch(at('/mms/md-msg-hist/hash'), { method: 'DELETE' })).status).toBe(200);
  });

  it('names a client version to those that ask', async () => {
    expect(await (await fetch(at('/'))).text()).toMatch(/"client_revision":\d+,/);
  });

  it('drops sockets that do not speak the protocol, and continues', async () => {
    const socket = new WebSocket(simulator.document.socket_url);
    await once(socket, 'open');
    const closed = once(socket, 'close');
    socket.send('GET / HTTP/1.1');
    await closed;
    expect((await fetch(simulator.url)).status).toBe(200);
  });
});

describe('stopping', () => {
  it('leaves nothing open: the port is free again at once', async () => {
    const first = await startSimulator({ world: tinyWorld(), plan: tinyPlan });
    const port = Number(new URL(first.url).port);
    const client = connect(first, memoryStore(first.credentials()));
    await client.until(isOpen);
    await fetch(first.url);
    const closed = client.until(({ connection }) => connection === 'close');
    await first.stop();
    await closed;
    const second = await startSimulator({ world: tinyWorld(), plan: tinyPlan, port });
    expect(second.document.noise_root).toBe(first.document.noise_root);
    await second.stop();
  });

  it('does not wait for a download that never ends', async () => {
    const other = await startSimulator({ world: tinyWorld(), plan: tinyPlan });
    const origin = other.document.media_origin;
    const upload = await fetch(`${origin}/mms/image/token`, { method: 'POST', body: Buffer.alloc(1000) });
    const { direct_path } = (await upload.json()) as { direct_path: string };
    other.fail.stall();
    const half = other.next('media_half');
    const response = await fetch(`${origin}${direct_path}`);
    await half;
    await other.stop();
    await expect(response.arrayBuffer()).rejects.toThrow('terminated');
  });

  it('is refused a port that is taken', async () => {
    const port = Number(new URL(simulator.url).port);
    await expect(startSimulator({ world: tinyWorld(), plan: tinyPlan, port })).rejects.toThrow('EADDRINUSE');
  });
});
