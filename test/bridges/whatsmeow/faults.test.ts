import { createServer } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { atEnd } from '../../support/at-end.ts';
import { type FakeWaBridge, fakeWaBridge, json, text } from '../../support/fakes/fake-wa-bridge.ts';
import { ask, failureOf, nearEnd, profile, somebody } from './near-end.ts';

const path = '/v1/business.profile';
const pairing = { state: 'pairing', message: null };
const asked = (fake: FakeWaBridge, what = path): number => fake.seen.filter((one) => one.path === what).length;

/** A shorter timeout for a server that stays silent, ms. */
const patience = (read: string) => ({ timing: read === 'upstream_unanswered' ? { operation: 250 } : {} });

/** What a server may do to a request instead of answering it. */
const faults: Record<string, { answer: FakeWaBridge['answers'][string]; read: string; requests: number }> = {
  'cuts the connection': {
    answer: (request) => request.socket.destroy(),
    read: 'bridge_unavailable',
    requests: 2,
  },
  'stops in the middle of its answer': {
    answer: (request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 1000 }).write('{"is_bus');
      setImmediate(() => request.socket.destroy());
    },
    read: 'bridge_unavailable',
    requests: 2,
  },
  'sends more than any answer has': {
    answer: (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (response.writable && response.write(' '.repeat(1 << 20)));
      };
      response.on('drain', more);
      more();
    },
    read: 'bridge_unavailable',
    requests: 1,
  },
  'never answers': { answer: () => {}, read: 'upstream_unanswered', requests: 1 },
  'never ends its answer': {
    answer: (_request, response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
    read: 'upstream_unanswered',
    requests: 1,
  },
  'answers a page': {
    answer: (_request, response) => text(response, 404, '<html>no</html>', 'text/html'),
    read: 'bridge_unavailable',
    requests: 1,
  },
  'answers half a JSON text': {
    answer: (_request, response) => text(response, 200, '{"is_business":', 'application/json'),
    read: 'bridge_unavailable',
    requests: 1,
  },
};

describe('a server that', () => {
  it.each(Object.entries(faults))('%s is passed over for what may happen twice', async (_name, fault) => {
    const fake = await fakeWaBridge();
    fake.answers[path] = fault.answer;
    const { code } = await failureOf(ask(nearEnd(fake, patience(fault.read)), 'business.profile', somebody));
    expect(code).toBe(fault.read);
    expect(asked(fake)).toBe(fault.requests);
  });

  it.each(Object.entries(faults).filter(([name]) => name !== 'answers a page'))(
    '%s may have done what must not happen twice: it is asked once, and that is said',
    async (_name, fault) => {
      const fake = await fakeWaBridge();
      fake.answers['/v1/connection.pair'] = fault.answer;
      const { code } = await failureOf(ask(nearEnd(fake, patience(fault.read)), 'connection.pair', { method: 'qr' }));
      expect(code).toBe('outcome_unknown');
      expect(asked(fake, '/v1/connection.pair')).toBe(1);
    },
  );

  it('is not there any more has done nothing, whatever it was asked', async () => {
    const fake = await fakeWaBridge();
    const bridge = nearEnd(fake);
    await bridge.probe();
    await fake.stop();
    const { code } = await failureOf(ask(bridge, 'connection.pair', { method: 'qr' }));
    expect(code).toBe('bridge_unavailable');
  });

  it('breaks one connection answers on the next one', async () => {
    const fake = await fakeWaBridge();
    fake.answers[path] = (request, response) =>
      asked(fake) === 1 ? request.socket.destroy() : json(response, 200, profile);
    expect(await ask(nearEnd(fake), 'business.profile', somebody)).toEqual(profile);
  });

  it('answers in another shape is passed over, with the path of what does not fit and never its text', async () => {
    const fake = await fakeWaBridge();
    const secret = 'written by somebody';
    fake.answers[path] = (_request, response) =>
      json(response, 200, { is_business: true, website: [7, secret], email: { x: secret } });
    fake.answers['/v1/connection.pair'] = (_request, response) => json(response, 200, { ...pairing, state: secret });
    const bridge = nearEnd(fake);
    const read = await failureOf(ask(bridge, 'business.profile', somebody));
    expect(read.code).toBe('bridge_unavailable');
    expect(read.message).toMatch(/: email, website\.0\.$/);
    const pair = await failureOf(ask(bridge, 'connection.pair', { method: 'qr' }));
    expect(pair).toEqual({ code: 'outcome_unknown', message: expect.stringMatching(/: state\.$/) });
  });
});

describe('a call', () => {
  it('that is cancelled ends its request on the other side too', async () => {
    const fake = await fakeWaBridge();
    const controller = new AbortController();
    const ended = new Promise<void>((resolve) => {
      fake.answers[path] = (request) => {
        request.socket.on('close', () => resolve());
        controller.abort();
      };
    });
    const bridge = nearEnd(fake, { timing: { operation: 60_000 } });
    const { code } = await failureOf(ask(bridge, 'business.profile', somebody, controller.signal));
    expect(code).toBe('cancelled');
    await ended;
  });

  it('is one of 200 at once that a few connections carry, each with its own answer', async () => {
    const fake = await fakeWaBridge();
    fake.answers[path] = (_request, response, body) =>
      json(response, 200, { is_business: true, description: (body as { jid: string }).jid });
    const bridge = nearEnd(fake, { timing: { operation: 20_000 } });
    await bridge.probe();
    const jids = Array.from({ length: 200 }, (_, index) => `1555010${1000 + index}@s.whatsapp.net`);
    const answers = await Promise.all(jids.map((jid) => ask(bridge, 'business.profile', { jid })));
    expect(answers.map(({ description }) => description)).toEqual(jids);
    expect(fake.maxConnections()).toBeLessThanOrEqual(16);
  });

  it('of 200 at once fails in time when the program is killed under them', async () => {
    const fake = await fakeWaBridge();
    const bridge = nearEnd(fake, { timing: { operation: 60_000 } });
    await bridge.probe();
    fake.answers[path] = () => {
      if (asked(fake) === 16) void fake.stop();
    };
    const begun = performance.now();
    const codes = await Promise.all(
      Array.from({ length: 200 }, async () => (await failureOf(ask(bridge, 'business.profile', somebody))).code),
    );
    expect(new Set(codes)).toEqual(new Set(['bridge_unavailable']));
    expect(performance.now() - begun).toBeLessThan(30_000);
  });

  it('after the end of this program is refused and opens nothing', async () => {
    const fake = await fakeWaBridge();
    const bridge = nearEnd(fake);
    await bridge.probe();
    await bridge.close();
    const { length } = fake.seen;
    expect((await failureOf(ask(bridge, 'business.profile', somebody))).code).toBe('bridge_unavailable');
    expect(fake.seen).toHaveLength(length);
  });
});

describe('a program that keeps silent', () => {
  afterEach(() => void vi.useRealTimers());

  async function silent() {
    const connections = { count: 0 };
    const server = createServer(() => void connections.count++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    atEnd(() => server.close());
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    return { connections, url: `http://127.0.0.1:${port}` };
  }

  it('is waited for a few times, then left alone for a while, and asked again after it', async () => {
    const fake = await fakeWaBridge();
    const { url, connections } = await silent();
    vi.useFakeTimers({ toFake: ['Date'] });
    const bridge = nearEnd({ dataDir: fake.dataDir, url }, { timing: { answer: 40, breakerCooldownMs: 60_000 } });
    const messages: (string | null)[] = [];
    for (let turn = 0; turn < 4; turn++) messages.push((await bridge.waitFor(['pairing'], 1)).message);
    expect(messages[0]).toContain('it keeps silent');
    expect(messages[3]).toContain('failed several times');
    let count: number;
    do {
      ({ count } = connections); // one may still arrive; `end` waits until no other connection opens
      await bridge.waitFor(['pairing'], 450);
    } while (connections.count > count);
    vi.setSystemTime(Date.now() + 60_000);
    const connected = async () => {
      expect((await bridge.waitFor(['pairing'], 50)).state).toBe('down');
      return connections.count;
    };
    await expect.poll(connected).toBeGreaterThan(count);
  });
});
