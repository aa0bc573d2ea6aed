import { describe, expect, it } from 'vitest';
import type { Bridge } from '../../bridges/bridge.ts';
import type { Handlers } from '../../bridges/operations/catalog.ts';
import type { Timing } from '../../bridges/whatsmeow/client.ts';
import { createRouter } from '../../src/router/router.ts';
import { nearEnd, somebody } from '../bridges/whatsmeow/near-end.ts';
import { fakeBridge } from '../support/fakes/fake-bridge.ts';
import { type FakeWaBridge, fakeWaBridge, json, text, wireStatus } from '../support/fakes/fake-wa-bridge.ts';
import { quietLog } from '../support/fakes/quiet-log.ts';

const path = '/v1/business.profile';
const profileOf = (description: string) => ({ is_business: true, description });
const baileysAnswers: Partial<Handlers> = { 'business.profile': async () => profileOf('of baileys') };

/** The real client connected to a server with scripted answers, and Baileys beside it. */
async function twoBridges(options: { timing?: Timing; handlers?: Partial<Handlers> } = {}) {
  const fake = await fakeWaBridge();
  fake.answers[path] = (_request, response) => json(response, 200, profileOf('of whatsmeow'));
  const whatsmeow: Bridge = nearEnd(fake, options.timing === undefined ? {} : { timing: options.timing });
  const baileys = fakeBridge('baileys', 'ready', options.handlers ?? baileysAnswers);
  const call = createRouter(() => ({ whatsmeow, baileys }), quietLog().log);
  const servedBy = async () => (await call('business.profile', somebody)).served_by;
  return { fake, whatsmeow, baileys, call, servedBy };
}

const asked = (fake: FakeWaBridge, what: string): number => fake.seen.filter((one) => one.path === what).length;

describe('failing over', () => {
  it('uses Baileys at once when wa-bridge was killed, and wa-bridge again when it runs', async () => {
    const { fake, whatsmeow, servedBy } = await twoBridges({ timing: { breakerCooldownMs: 60_000 } });
    expect(await servedBy()).toBe('whatsmeow');
    await fake.stop();
    const begun = performance.now();
    for (let turn = 0; turn < 6; turn++) expect(await servedBy()).toBe('baileys');
    expect(performance.now() - begun).toBeLessThan(20_000);
    const again = await fakeWaBridge({ dataDir: fake.dataDir, port: fake.port });
    again.answers[path] = fake.answers[path] as FakeWaBridge['answers'][string];
    await whatsmeow.waitFor(['ready'], 5000);
    expect(await servedBy()).toBe('whatsmeow');
  });

  it('waits at most the timeout when wa-bridge hangs, and not at all during the cooldown', async () => {
    const { fake, servedBy } = await twoBridges({ timing: { answer: 100, breakerCooldownMs: 60_000 } });
    fake.answers['/v1/status'] = () => {};
    const begun = performance.now();
    for (let turn = 0; turn < 5; turn++) expect(await servedBy()).toBe('baileys');
    expect(performance.now() - begun).toBeLessThan(20_000);
    expect(asked(fake, path)).toBe(0);
  });

  it('happens when wa-bridge hangs in the middle of a read', async () => {
    const { fake, servedBy } = await twoBridges({ timing: { operation: 100 } });
    fake.answers[path] = () => {};
    expect(await servedBy()).toBe('baileys');
  });

  it.each([
    ['is not linked', wireStatus({ state: 'unlinked', linked: false, connected: false, jid: null })],
    ['is of another version', wireStatus({}, { api: '9' })],
  ])('happens before any request when wa-bridge %s', async (_what, status) => {
    const { fake, servedBy } = await twoBridges();
    fake.status = status;
    expect(await servedBy()).toBe('baileys');
    expect(asked(fake, path)).toBe(0);
  });

  it('happens when another program listens in its place', async () => {
    const { fake, servedBy } = await twoBridges();
    fake.answers['*'] = (_request, response) => text(response, 404, '<html></html>', 'text/html');
    delete fake.answers[path];
    expect(await servedBy()).toBe('baileys');
  });

  it('never happens for a pairing: one request, and none to the other bridge', async () => {
    const pair = async () => ({ state: 'pairing' as const, message: null });
    const { fake, baileys, call } = await twoBridges({
      timing: { operation: 3_000 }, // long enough for a new connection on a busy machine
      handlers: { 'connection.pair': pair },
    });
    fake.answers['/v1/connection.pair'] = () => {};
    const lost = call('connection.pair', { method: 'qr' }, { bridge: 'whatsmeow' });
    await expect(lost).rejects.toMatchObject({ code: 'outcome_unknown' });
    expect(asked(fake, '/v1/connection.pair')).toBe(1);
    expect(baileys.asked).toEqual([]);
  });

  it('reports that wa-bridge does not run when only that bridge was named', async () => {
    const { fake, call } = await twoBridges();
    await fake.stop();
    const lost = call('connection.pair', { method: 'qr' }, { bridge: 'whatsmeow' });
    await expect(lost).rejects.toMatchObject({
      code: 'bridge_unavailable',
      message: expect.stringContaining('whatsapp-hybrid-mcp bridge run'),
    });
  });
});

describe('two bridges of different accounts', () => {
  it('answer only operations that can resolve the mismatch', async () => {
    const { fake, baileys, call, servedBy } = await twoBridges();
    fake.status = wireStatus({ jid: '15550100009@s.whatsapp.net' });
    fake.answers['/v1/connection.pairing_status'] = (_request, response) =>
      json(response, 200, { state: 'ready', message: null });
    await expect(servedBy()).rejects.toMatchObject({ code: 'account_mismatch' });
    expect(baileys.asked).toEqual([]);
    expect(asked(fake, path)).toBe(0);
    const status = await call('connection.pairing_status', {}, { bridge: 'whatsmeow' });
    expect(status).toMatchObject({ served_by: 'whatsmeow' });
  });
});

describe('an empty profile', () => {
  const empty = { is_business: true };

  it('is completed by the other bridge, and still served by the first', async () => {
    const { fake, call } = await twoBridges();
    fake.answers[path] = (_request, response) => json(response, 200, empty);
    const profile = await call('business.profile', somebody);
    expect(profile).toEqual({ is_business: true, description: 'of baileys', served_by: 'whatsmeow' });
  });

  it.each([
    ['anything is said', profileOf('of whatsmeow')],
    ['it is no business', { is_business: false }],
  ])('is not requested twice when %s', async (_what, answer) => {
    const { fake, baileys, call } = await twoBridges();
    fake.answers[path] = (_request, response) => json(response, 200, answer);
    expect(await call('business.profile', somebody)).toEqual({ ...answer, served_by: 'whatsmeow' });
    expect(baileys.asked).not.toContain('business.profile');
  });

  it('is the answer when the other bridge is not connected, or fails', async () => {
    const failing = async () => {
      throw new Error('nothing here');
    };
    const { fake, baileys, call } = await twoBridges({ handlers: { 'business.profile': failing } });
    fake.answers[path] = (_request, response) => json(response, 200, empty);
    expect(await call('business.profile', somebody)).toEqual({ ...empty, served_by: 'whatsmeow' });
    baileys.become('connecting');
    baileys.asked.length = 0;
    expect(await call('business.profile', somebody)).toEqual({ ...empty, served_by: 'whatsmeow' });
    expect(baileys.asked).toEqual([]);
  });
});
