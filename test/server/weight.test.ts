import { describe, expect, it } from 'vitest';
import { weigh as weighLine } from '../../src/server/weight.ts';

const weigh = (text: string) => weighLine(Buffer.from(text));
const call = (args: unknown) =>
  JSON.stringify({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: { name: 'x', arguments: args } });
const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, serial) => [`key${serial}`, 1]));
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

describe('the weight of a line', () => {
  it.each([
    ['nothing', ''],
    ['a word', 'garbage'],
    ['the longest text of WhatsApp, escaped throughout', call({ text: '\u0001'.repeat(65_536) })],
    ['ten times the longest list', call({ list: Array(5000).fill('15550100002@s.whatsapp.net') })],
    ['brackets and commas that are text', call({ text: '[{,'.repeat(20_000) })],
    ['escaped quotes before brackets', call({ text: `${'"\\'.repeat(20_000)}${'['.repeat(20_000)}` })],
    ['a text that does not end', `{"a":"${'[,'.repeat(20_000)}`],
    ['closing what was never opened', ']'.repeat(20_000)],
  ])('is nothing to speak of with %s', (_, line) => {
    expect(weigh(line)).not.toHaveProperty('excess');
  });

  it.each([
    ['half a million arguments', call(many(500_000)), /more than 10000 values/],
    ['a long list', call({ list: Array(10_001).fill(1) }), /more than 10000 values/],
    ['many empty objects', call({ list: Array(6000).fill({}) }), /more than 10000 values/],
    [
      'deep nesting',
      `{"id":7,"method":"tools/call","jsonrpc":"2.0","params":${nested(200)}}`,
      /deeper than 100 levels/,
    ],
    ['nesting that never ends', `{"id":7,"method":"tools/call","a":${'{"a":'.repeat(2_000_000)}`, /values/],
    ['a long text', call({ text: 'x'.repeat(1_000_000) }), /more than 1000000 bytes/],
  ])('is too much with %s', (_, line, reason) => {
    expect(weigh(line).excess).toMatch(reason);
  });

  it('comes with the message but for what is in it', () => {
    const light = { jsonrpc: '2.0', id: 'ü', method: 'tools/call', params: null };
    expect(JSON.parse(weigh(JSON.stringify({ ...light, params: { name: '{' } })).outline ?? '')).toEqual(light);
    const { outline = '' } = weigh(call(many(20_000)));
    expect(JSON.parse(outline)).toEqual({ jsonrpc: '2.0', id: 7, method: 'tools/call', params: null });
    const tail = weigh(`{"params":{"a":${nested(300)},"b":[1,{"id":9}]},"id":8 , "x":{} ,"method":"m"}`);
    expect(JSON.parse(tail.outline ?? '')).toEqual({ params: null, id: 8, x: null, method: 'm' });
  });

  it('comes without the message when its own members are the weight', () => {
    expect(weigh(JSON.stringify({ id: 1, ...many(20_000) }))).toEqual({ excess: expect.any(String) });
    expect(weigh(JSON.stringify({ id: 'x'.repeat(1_000_001) }))).toEqual({ excess: expect.any(String) });
  });
});
