import { beforeEach, expect, test } from 'vitest';
import { createObservableState } from '../../../../bridges/baileys/connection/observable-state.ts';
import { Pairing } from '../../../../bridges/baileys/connection/pairing.ts';
import type { Session } from '../../../../bridges/baileys/connection/session.ts';

let clock = 1_770_000_000_000;
let started: number;
let stopped: (string | null)[];

/** A session that offers QR texts when the test says so. */
function fakeSession() {
  const box = createObservableState('unlinked');
  return {
    box,
    onQr: undefined as ((qr: string) => void) | undefined,
    refusal: undefined,
    assertUsable: () => {},
    credentials: () => null,
    status: () => ({ state: box.state, message: box.message }),
    async startPairing() {
      started++;
      box.set('pairing', 'Waiting for the phone.');
    },
    async stopPairing(message: string | null) {
      stopped.push(message);
      box.set('unlinked', message);
    },
  };
}

let session: ReturnType<typeof fakeSession>;
let pairing: Pairing;

beforeEach(() => {
  started = 0;
  stopped = [];
  session = fakeSession();
  pairing = new Pairing(session as unknown as Session, () => clock);
});

const expiry = () => Date.parse(pairing.view().expires_at ?? '') - clock;

test('the first QR text is valid for a minute, the ones after it for 20 seconds', async () => {
  const offered = pairing.pair({ method: 'qr' });
  await session.box.until(() => session.box.state === 'pairing', 1_000);
  session.onQr?.('first');
  expect(await offered).toMatchObject({ qr: 'first', state: 'pairing' });
  expect(expiry()).toBe(60_000);
  clock += 60_000;
  session.onQr?.('second');
  expect(pairing.view().qr).toBe('second');
  expect(expiry()).toBe(20_000);
});

test('after the scan and after the end there is no QR text to show', async () => {
  const offered = pairing.pair({ method: 'qr' });
  await session.box.until(() => session.box.state === 'pairing', 1_000);
  session.onQr?.('first');
  await offered;
  session.box.set('connecting', 'The phone linked this device.');
  expect(pairing.view()).toEqual({ state: 'connecting', message: 'The phone linked this device.' });
});

test('a pairing that ended is followed by a new one, under another id', async () => {
  const pairOnce = async () => {
    const offered = pairing.pair({ method: 'qr' });
    await session.box.until(() => session.box.state === 'pairing', 1_000);
    session.onQr?.('qr');
    return offered;
  };
  const first = await pairOnce();
  expect(await pairing.cancel()).toEqual({ state: 'unlinked' });
  const second = await pairOnce();
  expect(started).toBe(2);
  expect(second.flow_id).not.toBe(first.flow_id);
});

test('a caller who does not wait for the QR text ends the pairing', async () => {
  const controller = new AbortController();
  const offered = pairing.pair({ method: 'qr' }, controller.signal);
  await session.box.until(() => session.box.state === 'pairing', 1_000);
  controller.abort();
  await expect(offered).rejects.toMatchObject({ code: 'cancelled' });
  expect(stopped).toEqual([null]);
  expect(session.box.state).toBe('unlinked');
});

test('a connection that ends before the first QR text says why', async () => {
  const offered = pairing.pair({ method: 'qr' });
  await session.box.until(() => session.box.state === 'pairing', 1_000);
  session.box.set('unlinked', 'WhatsApp could not be reached. Start the pairing again.');
  await expect(offered).rejects.toMatchObject({
    code: 'bridge_unavailable',
    message: 'WhatsApp could not be reached. Start the pairing again.',
  });
});
