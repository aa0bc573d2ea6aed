import { describe, expect, it } from 'vitest';
import { DeliveryQueue } from '../../../src/simulator/account/queue.ts';
import { node } from '../../../src/simulator/wire/node.ts';

function message(id: string, text = '') {
  return node('message', { id, text });
}

describe('the delivery queue', () => {
  it('keeps stanzas in order until each is confirmed', () => {
    const queue = new DeliveryQueue();
    for (const id of ['a', 'b', 'c']) queue.add(message(id));
    expect(queue.confirm('message', 'b')).toBe(true);
    expect(queue.unconfirmed().map(({ attrs }) => attrs['id'])).toEqual(['a', 'c']);
    expect(queue.confirm('message', 'b')).toBe(false);
    expect(queue.confirm('notification', 'a')).toBe(false);
    expect(queue.size).toBe(2);
  });

  it('replaces a stanza that is sent again under its id', () => {
    const queue = new DeliveryQueue();
    queue.add(message('a', 'first'));
    queue.add(message('a', 'second'));
    expect(queue.unconfirmed().map(({ attrs }) => attrs['text'])).toEqual(['second']);
  });

  it('lets a sender wait until there is room', async () => {
    const queue = new DeliveryQueue();
    for (const id of ['a', 'b', 'c']) queue.add(message(id));
    const order: string[] = [];
    const roomy = queue.untilBelow(3).then(() => order.push('below 3'));
    const empty = queue.untilBelow(1).then(() => order.push('below 1'));
    await queue.untilBelow(4);
    queue.confirm('message', 'a');
    await roomy;
    expect(order).toEqual(['below 3']);
    queue.confirm('message', 'b');
    queue.confirm('message', 'c');
    await empty;
    expect(order).toEqual(['below 3', 'below 1']);
  });
});
