import { PassThrough } from 'node:stream';
import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { answerTo, greetingOf } from '../../scripts/greeting.ts';
import { clockIn } from '../../src/domain/time/moment.ts';
import { Zone } from '../../src/domain/time/zone.ts';
import { builtGreeting, firstBytes, type Greeting, greet } from '../../src/server/greeting.ts';

/** In Apia it is Friday. */
const clock = clockIn(new Zone('Pacific/Apia'), () => Date.UTC(2025, 0, 30, 12));
let greeting: Greeting;
beforeAll(async () => {
  greeting = await greetingOf();
});

const clientInfo = { name: 'test', version: '1' };
const initialize = (protocolVersion: unknown = '2025-11-25', others: object = {}) => ({
  jsonrpc: '2.0',
  id: 7,
  method: 'initialize',
  params: { protocolVersion, capabilities: {}, clientInfo },
  ...others,
});
const answer = (request: unknown) => greet(Buffer.from(`${JSON.stringify(request)}\n`), greeting, clock());

describe('the greeting', () => {
  it.each([...SUPPORTED_PROTOCOL_VERSIONS, '1999-01-01', '2026-07-28'])(
    'says to a client of %s what the server would have said',
    async (version) => {
      const said = answer(initialize(version));
      expect(JSON.parse(said?.line ?? '')).toEqual({ jsonrpc: '2.0', id: 7, result: await answerTo(version, clock) });
      expect(said?.line.endsWith('\n')).toBe(true);
    },
  );

  it('names the zone of the user and the day that it is there when it is said', () => {
    expect(greeting.result.instructions).toContain('{day}');
    const { result } = JSON.parse(answer(initialize())?.line ?? '');
    expect(result.instructions).toContain("the user's zone, Pacific/Apia;");
    expect(result.instructions).toContain('Today is Friday, 2025-01-31.');
    expect(result.instructions).not.toMatch(/[{}]/);
  });

  it('keeps the id of the request as it is', () => {
    expect(answer(initialize(undefined, { id: 'a "quoted" id' }))?.id).toBe('a "quoted" id');
    expect(answer(initialize(undefined, { id: 0 }))).toMatchObject({ id: 0 });
  });

  it('reads the first line and no further', () => {
    const bytes = Buffer.from(
      `${JSON.stringify(initialize())}\n{"jsonrpc":"2.0","method":"notifications/initialized"}\n`,
    );
    expect(greet(bytes, greeting, clock())?.id).toBe(7);
  });

  it.each([
    ['another method', { ...initialize(), method: 'ping' }],
    ['a notification', { ...initialize(), id: undefined }],
    ['an id that is none', initialize(undefined, { id: 1.5 })],
    ['another JSON-RPC', initialize(undefined, { jsonrpc: '1.0' })],
    ['a field that no request has', initialize(undefined, { extra: 1 })],
    ['no version', initialize(5)],
    ['no capabilities', { ...initialize(), params: { protocolVersion: '2025-11-25', clientInfo } }],
    ['no client', { ...initialize(), params: { protocolVersion: '2025-11-25', capabilities: {} } }],
    ['no object', 42],
    ['null', null],
  ])('leaves %s to the server', (_, request) => {
    expect(answer(request)).toBeUndefined();
  });

  it.each(['', 'garbage\n', '\n'])('leaves %j to the server', (text) => {
    expect(greet(Buffer.from(text), greeting, clock())).toBeUndefined();
  });

  it('is not there when the program runs from its sources', () => {
    expect(builtGreeting()).toBeUndefined();
  });
});

describe('the first bytes', () => {
  it('come when the first line is whole, and the rest stays', async () => {
    const input = new PassThrough();
    const bytes = firstBytes(input);
    input.write('{"a":');
    input.write('1}\nnext');
    expect((await bytes).toString()).toBe('{"a":1}\nnext');
    input.end(' line\n');
    expect(Buffer.concat(await input.toArray()).toString()).toBe(' line\n');
  });

  it('come without a line end when the input ends or is longer than any greeting', async () => {
    const ended = new PassThrough();
    ended.end('half a line');
    expect((await firstBytes(ended)).toString()).toBe('half a line');
    const long = new PassThrough();
    long.write('x'.repeat(70_000));
    expect(await firstBytes(long)).toHaveLength(70_000);
  });

  it('are none when the input fails or is empty', async () => {
    const failing = new PassThrough();
    const bytes = firstBytes(failing);
    failing.destroy(new Error('gone'));
    expect(await bytes).toHaveLength(0);
    const empty = new PassThrough();
    empty.end();
    expect(await firstBytes(empty)).toHaveLength(0);
  });
});
