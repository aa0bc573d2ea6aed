import { randomBytes } from 'node:crypto';
import { connect as dial } from 'node:net';
import { describe, expect, it } from 'vitest';
import { freshNonce, proofOf } from '../../../bridges/whatsmeow/proof.ts';
import { temporaryDir } from '../../support/e2e/program.ts';
import { fakeWaBridge } from '../../support/fakes/fake-wa-bridge.ts';
import {
  answer,
  type Conduct,
  canary,
  type HostileProgram,
  hostileProgram,
  inOurShape,
  requestIn,
} from '../../support/hostile/hostile-program.ts';
import { describeWaBridge, startWaBridge } from '../../support/wire/wa-bridge.ts';
import { failureOf, nearEnd } from './near-end.ts';

const token = 'a'.repeat(64);
const guess = () => randomBytes(32).toString('hex');

/** Sends this after it has received something. */
const says =
  (text: string): Conduct =>
  (socket, sent) =>
    void (sent !== '' && socket.write(text));

/** Sends one byte at a time until the client disconnects. */
const slowly =
  (text: string): Conduct =>
  (socket, sent) => {
    if (sent !== '') return;
    let at = 0;
    const next = () => void socket.write(text[at++ % text.length] ?? ' ', () => setTimeout(next, 5).unref());
    next();
  };

const forged = { nonce: freshNonce(), proof: guess() };
const hello = answer(forged);

const conducts: Record<string, Conduct> = {
  'guesses a proof': inOurShape(() => ({ nonce: freshNonce(), proof: guess() })),
  'knows another token': inOurShape((client) => {
    const server = freshNonce();
    return { nonce: server, proof: proofOf('b'.repeat(64), 'server', { client, server, address: '127.0.0.1:8080' }) };
  }),
  'sends the nonce back': inOurShape((client) => ({ nonce: client, proof: client })),
  'answers in our shape without a proof': inOurShape(() => ({}) as never),
  'keeps silent': () => {},
  'is slow, byte by byte': slowly(hello),
  'sends headers without end': slowly('HTTP/1.1 200 OK\r\nX-More: 1\r\n'),
  'sends one header without end': says(`HTTP/1.1 200 OK\r\nX-More: ${canary.repeat(50_000)}`),
  'sends a huge body': says(answer({ ...forged, more: canary.repeat(200_000) })),
  'promises a huge body': says('HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n'),
  'sends its body in parts': says(`HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"a":\r\n0\r\n\r\n`),
  'sends elsewhere': says(answer('', ['Location: http://127.0.0.1:1/'], '302 Found')),
  'speaks HTTP/2': (socket, sent) => void (sent === '' && socket.write(Buffer.from('0000000400000000000', 'hex'))),
  'speaks before it is asked': (socket, sent) => void (sent === '' && socket.write(hello)),
  'closes after hello': (socket, sent) => void (sent !== '' && socket.end()),
  'cuts the connection': (socket, sent) => void (sent !== '' && socket.resetAndDestroy()),
  'says that it goes on': says(`HTTP/1.1 100 Continue\r\n\r\n${hello}`),
  'answers twice': says(hello + hello),
  'answers no JSON': says(answer(`<html>${canary}</html>`)),
  'answers HTTP/1.0': says(hello.replace('1.1', '1.0')),
  'says two lengths': says(answer(forged, ['Content-Length: 3'])),
  'refuses in our shape': says(answer({ code: 'not_permitted', detail: canary }, [], '401 Unauthorized')),
};

/** Probes, asks and waits as callers do; returns the results as text. */
async function tried(url: string, dataDir: string): Promise<{ state: string; shown: string }> {
  const bridge = nearEnd({ dataDir, url }, { timing: { answer: 400, operation: 400, breakerCooldownMs: 1 } });
  await bridge.probe();
  const { state } = await bridge.waitFor(['ready', 'pairing'], 1);
  return { state, shown: JSON.stringify([bridge.status(), Object.keys(bridge.handlers)]) };
}

/** Each connection received only our hello, without the token or a proof. */
function expectNothingLearned(hostile: HostileProgram): void {
  const heard = hostile.received();
  expect(heard).not.toContain(token);
  expect(heard).not.toMatch(/authorization|proof|\/v1\/(status|operations|connection)/i);
  const greeting =
    /^POST \/v1\/hello HTTP\/1\.1\r\nHost: 127\.0\.0\.1:\d+\r\nContent-Type: application\/json\r\nContent-Length: 76\r\n\r\n\{"nonce":"[0-9a-f]{64}"\}$/;
  for (const one of heard.split(/\n(?=POST)/).filter((text) => text.trim() !== ''))
    expect(one.trim()).toMatch(greeting);
}

describe('a program in the place of wa-bridge that', () => {
  it.each(Object.entries(conducts))('%s learns nothing and is not believed', async (_what, conduct) => {
    const { dataDir } = await fakeWaBridge();
    const hostile = await hostileProgram(conduct);
    const { state, shown } = await tried(hostile.url, dataDir);
    expect(state).toBe('down');
    expect(shown).not.toContain(canary);
    expect(hostile.connections()).toBeGreaterThan(0);
    expectNothingLearned(hostile);
  });

  it('hands everything on to a real wa-bridge, and its answers back, is not believed', async () => {
    const real = await fakeWaBridge();
    const relay = await hostileProgram(handingOn(real.port));
    expect((await tried(relay.url, real.dataDir)).state).toBe('down');
    expect(relay.connections()).toBeGreaterThan(0);
    expectNothingLearned(relay);
    expect(real.handshakes).toBe(0);
    expect((await tried(real.url, real.dataDir)).state).toBe('ready'); // the same program at its own address
  });

  it('says again what a real wa-bridge once said, with its own address in it, is not believed', async () => {
    const real = await fakeWaBridge();
    const address = `127.0.0.1:${real.port}`;
    const client = freshNonce();
    const server = freshNonce();
    const overheard = { nonce: server, proof: proofOf(token, 'server', { client, server, address }) };
    await real.stop();
    const hostile = await hostileProgram(
      inOurShape(() => overheard),
      real.port,
    );
    expect((await tried(hostile.url, real.dataDir)).state).toBe('down');
    expectNothingLearned(hostile);
  });

  it('takes the place of one that was ready is asked nothing, and what must not happen twice did not happen', async () => {
    const real = await fakeWaBridge();
    const bridge = nearEnd(real, { timing: { operation: 3000 } });
    await bridge.probe();
    expect(bridge.status().state).toBe('ready');
    await real.stop();
    const hostile = await hostileProgram(
      inOurShape(() => forged),
      real.port,
    );
    const { code, message } = await failureOf(bridge.handlers['connection.pair']!({ method: 'qr' }));
    expect({ code, message }).toEqual({
      code: 'bridge_unavailable',
      message: expect.stringContaining('asked nothing'),
    });
    await bridge.probe();
    expect(bridge.status()).toMatchObject({ state: 'down', linked: false });
    expect(JSON.stringify(bridge.status())).not.toContain(canary);
    expectNothingLearned(hostile);
  });

  it.each(['sends one header without end', 'sends a huge body', 'promises a huge body', 'answers twice'])(
    '%s is known for a stranger at once, and not waited for',
    async (what) => {
      const { dataDir } = await fakeWaBridge();
      const hostile = await hostileProgram(conducts[what] as Conduct);
      const bridge = nearEnd({ dataDir, url: hostile.url }, { timing: { answer: 60_000 } });
      await bridge.probe();
      expect(bridge.status().message).toContain('does not prove');
    },
  );

  it('answers nothing is given up in time, and no connection to it stays', async () => {
    const { dataDir } = await fakeWaBridge();
    let closed = () => {};
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const hostile = await hostileProgram((socket, sent) => void (sent === '' && socket.on('close', closed)));
    const bridge = nearEnd({ dataDir, url: hostile.url }, { timing: { answer: 60_000 } });
    await bridge.probe();
    expect(bridge.status().message).toContain('it keeps silent');
    await gone;
  });
});

describeWaBridge('With the real program', () => {
  it('who hands everything on to it is not believed, and it is where it is', async () => {
    const dataDir = temporaryDir();
    const real = await startWaBridge({ dataDir });
    const relay = await hostileProgram(handingOn(Number(new URL(real.url).port)));
    const bridge = nearEnd({ dataDir, url: relay.url });
    await bridge.probe();
    expect(bridge.status()).toMatchObject({ state: 'down', message: expect.stringContaining('does not prove') });
    expect(relay.received()).not.toContain(real.token);
    expectNothingLearned(relay);
    const direct = nearEnd({ dataDir, url: real.url });
    await direct.probe();
    expect(direct.status().state).toBe('unlinked');
    const byName = nearEnd({ dataDir, url: real.url.replace('127.0.0.1', 'localhost') });
    await byName.probe();
    expect(byName.status().state).toBe('unlinked');
  });
});

/** Relays all bytes like a proxy, with the address of the real server. */
function handingOn(port: number): Conduct {
  return (socket, sent) => {
    const request = requestIn(sent);
    if (request === undefined) return;
    const upstream = dial(port, '127.0.0.1', () =>
      upstream.write(sent.replace(/^Host: [^\r]*/m, `Host: 127.0.0.1:${port}`)),
    );
    upstream.on('error', () => {}).on('data', (chunk) => void socket.write(chunk));
  };
}
