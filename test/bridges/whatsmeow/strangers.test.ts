import { describe, expect, it } from 'vitest';
import { Door } from '../../../bridges/whatsmeow/http.ts';
import { look } from '../../../bridges/whatsmeow/probe.ts';
import { atEnd } from '../../support/at-end.ts';
import {
  type FakeWaBridge,
  fakeSchema,
  fakeWaBridge,
  json,
  problem,
  text,
  wireStatus,
} from '../../support/fake-wa-bridge.ts';
import { nearEnd } from './near-end.ts';

/** A bridge as it is common: two paths, and no knowledge of anything else. */
function commonBridge(fake: FakeWaBridge): void {
  fake.answers['*'] = (request, response) => {
    if (!['/api/send', '/api/download'].includes(request.url ?? '')) return text(response, 404, '404 page not found');
    if (request.method === 'POST') throw new Error('something was sent');
    return text(response, 405, 'Method not allowed');
  };
}

async function found(fake: FakeWaBridge) {
  const bridge = nearEnd(fake);
  await bridge.probe();
  return { ...bridge.status(), operations: Object.keys(bridge.handlers) };
}

describe('somebody else in the place of wa-bridge', () => {
  it('is told to be another WhatsApp bridge, and was sent nothing', async () => {
    const fake = await fakeWaBridge();
    commonBridge(fake);
    const { state, message, operations } = await found(fake);
    expect(state).toBe('down');
    expect(message).toContain(`Another WhatsApp bridge answers on ${fake.url}`);
    expect(message).toContain('WHATSAPP_BRIDGE_URL');
    expect(operations).toEqual([]);
    expect(new Set(fake.seen.map(({ method }) => method))).toEqual(new Set(['GET']));
  });

  it.each([
    ['knows no path', 404],
    ['knows no method', 405],
    ['lets nobody in', 401],
    ['answers everything', 200],
    ['sends elsewhere', 302],
    ['is broken', 500],
  ])('is another program when it %s', async (_what, status) => {
    const fake = await fakeWaBridge();
    fake.answers['*'] = (_request, response) => text(response, status, '<html></html>', 'text/html');
    const { state, message } = await found(fake);
    expect({ state, message }).toEqual({ state: 'down', message: expect.stringContaining('no wa-bridge') });
  });

  it('that answers JSON of its own is no wa-bridge', async () => {
    const fake = await fakeWaBridge();
    fake.answers['*'] = (_request, response) => json(response, 200, { status: 'ok' });
    expect(await found(fake)).toMatchObject({ state: 'down', message: expect.stringContaining('no wa-bridge') });
  });

  it('that refuses the host is said to refuse', async () => {
    const fake = await fakeWaBridge();
    fake.answers['*'] = (_request, response) => problem(response, 'not_permitted', 'Not the host.', 421);
    expect((await found(fake)).message).toContain('refuses to be asked (not_permitted)');
  });

  it.each([
    ['the wa-bridge of another data directory', false, 'does not take the token'],
    ['another WhatsApp bridge', true, 'Another WhatsApp bridge'],
  ])('counts where nobody asked for a wa-bridge only when it is in its place: %s', async (_who, counts, message) => {
    const fake = await fakeWaBridge();
    if (counts) commonBridge(fake);
    else fake.answers['*'] = (_request, response) => problem(response, 'not_permitted', 'Not this token.', 401);
    const place = {
      url: fake.url,
      from: 'default',
      tokenFile: '/nonexistent/token',
      pid: null,
      isSimulated: null,
    } as const;
    const door = new Door(place.url, place.tokenFile);
    atEnd(() => door.close());
    const finding = await look(door, { place, knownSchema: fakeSchema });
    expect(finding.isAnybody).toBe(counts);
    expect(finding.status.message).toContain(message);
  });

  it('does not count where nobody wants a wa-bridge', async () => {
    const fake = await fakeWaBridge();
    fake.answers['*'] = (_request, response) => text(response, 404, 'no');
    const bridge = nearEnd(fake, { config: { dataDir: '/nonexistent/whatsapp', bridgeUrl: null } });
    await bridge.probe();
    expect(bridge.status().state).toBe('not_configured');
    expect(bridge.status().remote).toBeUndefined();
  });
});

describe('a wa-bridge of another version', () => {
  it.each([
    ['a newer interface', { api: '2' }, 'Update whatsapp-hybrid-mcp'],
    ['an older interface', { api: '0.9' }, 'start the one of this version'],
    ['a newer messages.db', { schema: '5' }, 'Update whatsapp-hybrid-mcp'],
    ['an older messages.db', { schema: '3' }, 'start the one of this version'],
  ])('with %s is not used, and who must be updated is said', async (_what, version, step) => {
    const fake = await fakeWaBridge();
    fake.status = wireStatus({}, version);
    const { state, message, linked, operations } = await found(fake);
    expect({ state, linked, operations }).toEqual({ state: 'down', linked: false, operations: [] });
    expect(message).toContain(step);
  });

  it('is used when only the smaller number of its interface differs', async () => {
    const fake = await fakeWaBridge();
    fake.status = wireStatus({}, { api: '1.7' });
    expect((await found(fake)).state).toBe('ready');
  });
});
