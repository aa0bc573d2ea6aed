import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { freshNonce, proofOf } from '../../bridges/whatsmeow/proof.ts';
import { nearEnd } from '../bridges/whatsmeow/near-end.ts';
import { temporaryDir } from '../support/e2e/program.ts';
import { connect } from '../support/fakes/connect.ts';
import { fakeBridge, fakeBridges } from '../support/fakes/fake-bridge.ts';
import { fakeServices } from '../support/fakes/fake-services.ts';
import {
  type Conduct,
  canary,
  foreignQr,
  type HostileProgram,
  hostileProgram,
  hostileStatus,
  inOurShape,
} from '../support/hostile/hostile-program.ts';
import { pick, seeded } from '../support/random.ts';

const token = 'a'.repeat(64);
const variants = 200;

type Random = () => number;

const statusLines = [
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200 OK',
  'HTTP/1.1 200',
  'HTTP/1.1 201 Created',
  'HTTP/1.1 100 Continue',
  'HTTP/1.1 302 Found',
  'HTTP/1.0 200 OK',
  'HTTP/2 200',
  canary,
  '',
];
const extras = [
  'Transfer-Encoding: chunked',
  'Content-Length: 5',
  `X-${canary}: ${canary}`,
  'Connection: close',
  `Location: http://127.0.0.1:1/${canary}`,
  `X-More: ${'x'.repeat(5000)}`,
  'Content-Encoding: gzip',
];

/** What it says to hello; never a right proof, since it does not know the token. */
function bodyOf(random: Random, nonce: string): string {
  const [server, guess] = [freshNonce(), randomBytes(32).toString('hex')];
  const challenge = { client: nonce, server, address: '127.0.0.1:8080' };
  const bodies: unknown[] = [
    { nonce: server, proof: guess },
    { nonce, proof: nonce },
    { nonce: server, proof: proofOf('b'.repeat(64), 'server', challenge) },
    { nonce: server, proof: proofOf(token, 'client', challenge) },
    { nonce: server, proof: proofOf(token, 'server', { ...challenge, client: freshNonce() }) },
    { nonce: server, proof: '' },
    { nonce: server, proof: [guess] },
    { proven: true },
    hostileStatus,
    { state: 'pairing', qr: foreignQr, message: canary },
    `{"nonce":"${server}","proof":"${guess}"`,
    `<html>${canary}</html>`,
    null,
    [canary],
  ];
  const body = pick(random, bodies);
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function replyOf(random: Random, nonce: string): string {
  const body = bodyOf(random, nonce);
  const some = extras.filter(() => random() < 0.1);
  const length = random() < 0.9 ? [`Content-Length: ${body.length + (random() < 0.1 ? 7 : 0)}`] : [];
  const end = pick(random, ['\r\n\r\n', '\r\n\r\n', '\r\n\r\n', '\n\n', '\r\n']);
  return [pick(random, statusLines), ...length, ...some].join('\r\n') + end + body + (random() < 0.1 ? canary : '');
}

/** One of many ways to answer, split and ended in one of many ways, or in our shape to the end. */
function conductOf(seed: number): Conduct {
  const random = seeded(seed);
  if (random() < 0.25) return inOurShape((nonce) => JSON.parse(answerable(random, nonce)));
  const [chunk, ending, before] = [1 + Math.floor(random() * 200), random(), random() < 0.1];
  return (socket, sent) => {
    if (before ? sent !== '' : !sent.includes('"nonce"')) return;
    const text = replyOf(random, /"nonce":"(\w+)"/.exec(sent)?.[1] ?? '');
    for (let at = 0; at < text.length; at += chunk) socket.write(text.slice(at, at + chunk));
    if (ending < 0.3) socket.end();
    else if (ending < 0.4) socket.resetAndDestroy();
  };
}

function answerable(random: Random, nonce: string): string {
  const body = bodyOf(random, nonce);
  return body.startsWith('{') && body.endsWith('}') ? body : '{}';
}

/** An agent that asks everything that a second bridge would answer; all that it was shown, with the log. */
async function everythingShown(
  hostile: HostileProgram,
  dataDir: string,
): Promise<{ states: unknown[]; shown: string }> {
  const timing = { answer: 150, operation: 150, rest: 60_000 };
  const whatsmeow = nearEnd({ dataDir, url: hostile.url }, { timing });
  const baileys = fakeBridge('baileys', 'ready');
  const { call, app, lines } = await connect(fakeServices({ bridges: fakeBridges(baileys, whatsmeow) }));
  const status = await call('backend_status');
  const results = [
    status,
    await call('start_pairing', { bridge: 'whatsmeow' }),
    await call('get_pairing_status', { bridge: 'whatsmeow' }),
    await call('check_is_on_whatsapp', { phones: ['+15550100042'] }),
    await call('get_linked_devices'),
    await call('get_routing_info'),
    await call('logout_device', { bridge: 'whatsmeow' }),
    await call('backend_status'),
  ];
  await app.close();
  const states = [0, results.length - 1].map((index) => {
    const status = results[index]?.structuredContent as { go_bridge: { state: string } } | undefined;
    return status?.go_bridge.state;
  });
  return { states, shown: JSON.stringify([results, lines]) };
}

test(`${variants} programs in the place of wa-bridge: none learns anything, none is believed, no word of theirs is shown`, async () => {
  const dataDir = temporaryDir();
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, 'bridge-token'), token, { mode: 0o600 });
  for (let first = 1; first <= variants; first += 20) {
    const seeds = Array.from({ length: 20 }, (_, index) => first + index);
    await Promise.all(
      seeds.map(async (seed) => {
        const hostile = await hostileProgram(conductOf(seed));
        const { states, shown } = await everythingShown(hostile, dataDir);
        expect({ seed, states }).toEqual({ seed, states: ['down', 'down'] });
        expect(shown, `seed ${seed}`).not.toContain(canary);
        expect(shown, `seed ${seed}`).not.toContain(token);
        expect(hostile.connections(), `seed ${seed}`).toBeGreaterThan(0);
        expect(hostile.received(), `seed ${seed}`).not.toContain(token);
        expect(hostile.received(), `seed ${seed}`).not.toMatch(/authorization|proof|\/v1\/(status|operations|conn)/i);
      }),
    );
  }
}, 300_000);

test('without a token nobody is asked, whoever listens and whatever is called', async () => {
  const dataDir = temporaryDir();
  rmSync(dataDir, { recursive: true });
  const hostile = await hostileProgram(inOurShape(() => ({ nonce: freshNonce(), proof: freshNonce() })));
  const { states, shown } = await everythingShown(hostile, dataDir);
  expect(states).toEqual(['not_configured', 'not_configured']);
  expect(shown).toContain('bridge run');
  expect(hostile.connections()).toBe(0);
});
