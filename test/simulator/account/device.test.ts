import { expect, test } from 'vitest';
import { type Line, LinkedDevice } from '../../../src/simulator/account/device.ts';
import { node } from '../../../src/simulator/wire/node.ts';

function device(): LinkedDevice {
  const key = Buffer.alloc(32);
  const bundle = { registrationId: 1, identity: key, signedPreKey: { id: 1, key, signature: Buffer.alloc(64) } };
  return new LinkedDevice(
    1,
    { jid: '15550100000:1@s.whatsapp.net', lid: '20000000000000:1@lid' },
    {
      noiseKey: key,
      bundle,
    },
  );
}

function line(): Line & { sent: (string | undefined)[] } {
  const sent: (string | undefined)[] = [];
  const send: Line['send'] = ({ attrs }) => void sent.push(attrs['id']);
  return { open: true, sent, send, streamError: () => {}, mute: () => {}, drop: () => {} };
}

test('Held stanzas are sent once and in order, on the current connection', () => {
  const [one, before, after] = [device(), line(), line()];
  one.attach(before);
  one.activate();
  const letGo = one.hold();
  for (const id of ['A', 'B']) one.deliver(node('message', { id, from: 'somebody' }));
  one.attach(after);
  one.activate();
  expect(one.queue.size).toBe(2);
  letGo();
  one.deliver(node('message', { id: 'C', from: 'somebody' }));
  expect([before.sent, after.sent]).toEqual([[], ['A', 'B', 'C']]);
});

test('A device with two holds is released only by both', () => {
  const [one, there] = [device(), line()];
  one.attach(there);
  one.activate();
  const [first, second] = [one.hold(), one.hold()];
  one.deliver(node('message', { id: 'A', from: 'somebody' }));
  first();
  first();
  expect(there.sent).toEqual([]);
  second();
  expect(there.sent).toEqual(['A']);
});
