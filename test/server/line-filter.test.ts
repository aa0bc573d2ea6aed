import { once } from 'node:events';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { Backlog } from '../../src/server/backlog.ts';
import { LineFilter, lineLimit } from '../../src/server/line-filter.ts';

const message = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'ping' });

/** Always read. */
const answering = (answers: unknown[]) => ({
  write: (line: string) => answers.push(JSON.parse(line)),
  isFull: () => false,
  onceFree: () => {},
});

/** What comes through and what is answered when these pieces arrive one after the other. */
async function filter(pieces: readonly (string | Buffer)[], limit?: number) {
  const answers: unknown[] = [];
  const stream = new LineFilter(answering(answers), { ...(limit !== undefined && { limit }) });
  let passed = '';
  stream.on('data', (chunk: Buffer) => {
    passed += chunk.toString();
  });
  for (const piece of pieces) stream.write(piece);
  stream.end();
  await once(stream, 'end');
  return { passed: passed.split('\n').filter(Boolean), answers };
}

const request = (id: number | string, method: string, params: object = {}) =>
  JSON.stringify({ jsonrpc: '2.0', id, method, params });
const cancellation = (params: unknown) => JSON.stringify({ jsonrpc: '2.0', method: 'notifications/cancelled', params });

/** A filter before a backlog that passes nothing on until there is room. */
function withBacklog(most = 100) {
  const answers: { id: unknown; result?: { content: [{ text: string }] }; error?: { data: unknown } }[] = [];
  const state = { room: 0 };
  const backlog = new Backlog({ pass: (line) => stream.pass(line), room: () => state.room, most });
  const stream = new LineFilter({ ...answering(answers) }, { backlog });
  const passed: string[] = [];
  stream.on('data', (data: Buffer) => passed.push(...data.toString().split('\n').filter(Boolean)));
  const giveRoom = () => {
    state.room = 100;
    backlog.resume();
  };
  return { answers, backlog, stream, passed, giveRoom };
}

const refused = (code: number) => ({ jsonrpc: '2.0', id: null, error: { code, message: expect.any(String) } });

describe('line filter', () => {
  it('lets messages through as they are, with either line end, and the last one without', async () => {
    const { passed, answers } = await filter([`${message}\n${message}\r\n\n  \n${message}`]);
    expect(passed).toEqual([message, message, message]);
    expect(answers).toEqual([]);
  });

  it('answers a parse error to what is no JSON and goes on', async () => {
    const { passed, answers } = await filter([`garbage\n{"jsonrpc":\n${message}\n`, Buffer.from([0xff, 0xfe, 10])]);
    expect(answers).toEqual([refused(-32700), refused(-32700), refused(-32700)]);
    expect(passed).toEqual([message]);
  });

  it.each([
    '42',
    'null',
    '"text"',
    '[]',
    `[${message}]`,
    '{}',
    '{"jsonrpc":"1.0","id":1,"method":"ping"}',
    '{"jsonrpc":"2.0","id":null,"method":"ping"}',
    '{"jsonrpc":"2.0","id":{},"method":"ping"}',
    '{"jsonrpc":"2.0","id":1,"method":7}',
    '{"jsonrpc":"2.0","id":1,"method":"ping","params":[1]}',
  ])('answers an invalid request to %s', async (line) => {
    const { passed, answers } = await filter([`${line}\n${message}\n`]);
    expect(answers).toEqual([refused(-32600)]);
    expect(passed).toEqual([message]);
  });

  it('takes answers and notifications for messages too', async () => {
    const lines = ['{"jsonrpc":"2.0","id":1,"result":{}}', '{"jsonrpc":"2.0","method":"notifications/initialized"}'];
    expect((await filter([lines.join('\n')])).passed).toEqual(lines);
  });

  it('accepts a line as long as the limit and refuses one that is a byte longer', async () => {
    const line = message.padEnd(200);
    expect((await filter([`${line}\n`], 200)).passed).toEqual([message]);
    expect((await filter([`${line} \n${message}\n`], 200)).answers).toEqual([refused(-32600)]);
  });

  it('answers an 11 MB line once, holds none of it, and serves the next', async () => {
    const answers: unknown[] = [];
    const stream = new LineFilter(answering(answers));
    stream.resume();
    const before = process.memoryUsage().arrayBuffers;
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    for (let sent = 0; sent <= 11 * 1024 * 1024; sent += chunk.length) stream.write(chunk);
    expect(answers).toEqual([refused(-32600)]);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(lineLimit);
    let passed = '';
    stream.on('data', (data: Buffer) => {
      passed += data.toString();
    });
    stream.write(`still the long line\n${message}\n`);
    stream.end();
    await once(stream, 'end');
    expect(passed).toBe(`${message}\n`);
    expect(answers).toHaveLength(1);
  });

  it('survives deep nesting', async () => {
    const deep = `{"jsonrpc":"2.0","id":1,"method":"m","params":{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}}`;
    const { passed, answers } = await filter([`${deep}\n${message}\n`]);
    expect(passed.length + answers.length).toBe(2);
    expect(passed.at(-1)).toBe(message);
  });

  it('finds the same lines however the bytes are cut', async () => {
    const text = Buffer.from(`${message}\nnö json\n{"jsonrpc":"2.0","id":2,"method":"größe"}\n42\n`);
    const whole = await filter([text]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 8 }), async (cuts) => {
        const ends = [...cuts, text.length].sort((a, b) => a - b);
        const pieces = ends.map((end, index) => text.subarray(ends[index - 1] ?? 0, end));
        expect(await filter(pieces)).toEqual(whole);
      }),
    );
  });

  it('takes no line while nobody reads the answers, and goes on where it stopped', async () => {
    let free: (() => void) | undefined;
    let full = true;
    const stream = new LineFilter({
      write: () => {},
      isFull: () => full,
      onceFree: (listener) => {
        free = listener;
      },
    });
    let passed = 0;
    stream.on('data', () => passed++);
    stream.write(`${message}\n`.repeat(1000));
    await vi.waitFor(() => expect(free).toBeDefined());
    expect(passed).toBeLessThan(100);
    full = false;
    free?.();
    await vi.waitFor(() => expect(passed).toBe(1000));
  });

  it('lets what a few lines asked begin before it takes more, however many come at once', async () => {
    const stream = new LineFilter(answering([]));
    const ahead: number[] = [];
    let begun = 0;
    let passed = 0;
    stream.on('data', () => {
      passed++;
      ahead.push(passed - begun);
      void Promise.resolve().then(() => begun++);
    });
    stream.end(`${message}\n`.repeat(5000));
    await once(stream, 'end');
    expect(passed).toBe(5000);
    expect(Math.max(...ahead)).toBeLessThan(100);
  });

  it('answers a call with too much in it by its id, in the words of a tool', async () => {
    const args = `{${Array.from({ length: 500_000 }, (_, serial) => `"key${serial}":1`).join()}}`;
    const line = `{"jsonrpc":"2.0","id":"a","method":"tools/call","params":{"name":"list_chats","arguments":${args}}}`;
    const { passed, answers } = await filter([`${line}\n${message}\n`]);
    expect(passed).toEqual([message]);
    expect(answers).toEqual([{ jsonrpc: '2.0', id: 'a', result: { isError: true, content: [expect.anything()] } }]);
    const [{ result }] = answers as [{ result: { content: [{ text: string }] } }];
    expect(JSON.parse(result.content[0].text)).toMatchObject({
      error_code: 'invalid_input',
      message: 'The call is too large: it has more than 10000 values.',
    });
  });

  it.each([
    ['another request', '"id":5,"method":"prompts/get",', 5, -32602],
    ['a notification', '"method":"notifications/cancelled",', null, -32600],
    ['an answer', '"id":5,', null, -32600],
    ['a call with a wrong id', '"id":{},"method":"tools/call",', null, -32600],
  ])('answers %s with too much in it, and the answer is short', async (_, head, id, code) => {
    const { passed, answers } = await filter([
      `{"jsonrpc":"2.0",${head}"params":{"a":${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}}}\n${message}\n`,
    ]);
    expect(passed).toEqual([message]);
    expect(answers).toEqual([{ jsonrpc: '2.0', id, error: { code, message: expect.stringMatching(/too large/) } }]);
    expect(JSON.stringify(answers).length).toBeLessThan(200);
  });

  it('holds no more of a line of 100 MB than its limit', async () => {
    const answers: unknown[] = [];
    const stream = new LineFilter(answering(answers));
    stream.resume();
    const before = process.memoryUsage().arrayBuffers;
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    let most = 0;
    for (let sent = 0; sent < 100; sent++) {
      stream.write(chunk);
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    expect(answers).toEqual([refused(-32600)]);
    expect(most).toBeLessThan(2 * lineLimit);
  });
});

describe('line filter before a backlog', () => {
  const slow = ['tools/call', 'resources/read', 'prompts/get', 'completion/complete'];

  it('lets what takes no time pass by what waits, and the rest in order', async () => {
    const { stream, passed, giveRoom } = withBacklog();
    const waiting = slow.map((method, id) => request(id, method, { name: '日本' }));
    stream.end([...waiting, message, request('a', 'tools/list')].join('\n'));
    await vi.waitFor(() => expect(passed).toEqual([message, request('a', 'tools/list')]));
    giveRoom();
    await once(stream, 'end');
    expect(passed.slice(2)).toEqual(waiting);
  });

  it('takes out what is cancelled, and lets other cancellations pass', async () => {
    const { stream, passed, giveRoom } = withBacklog();
    const others = [cancellation({ requestId: 9 }), cancellation({ requestId: '1' }), cancellation(null)];
    const lines = [1, 2, 3].map((id) => request(id, 'tools/call'));
    stream.end(
      [...lines, cancellation({ requestId: 2 }), cancellation({ requestId: 1, reason: 'x' }), ...others].join('\n'),
    );
    await vi.waitFor(() => expect(passed).toEqual(others.slice(0, 2)));
    giveRoom();
    await once(stream, 'end');
    expect(passed.slice(2)).toEqual([request(3, 'tools/call')]);
  });

  it('answers what is too many by its id, a call in the words of a tool, and goes on', async () => {
    const { stream, answers, passed, giveRoom } = withBacklog(1);
    stream.end(
      [request(1, 'tools/call'), request('b', 'tools/call'), request(3, 'resources/read'), message].join('\n'),
    );
    await vi.waitFor(() => expect(passed).toEqual([message]));
    expect(answers.map(({ id }) => id)).toEqual(['b', 3]);
    expect(JSON.parse(answers[0]?.result?.content[0].text ?? '')).toMatchObject({
      error_code: 'rate_limited',
      retryable: true,
    });
    expect(answers[1]?.error).toMatchObject({ code: -32603, data: { error_code: 'rate_limited' } });
    giveRoom();
    await once(stream, 'end');
  });

  it('answers what turns out to be no message when it is its turn, and holds nothing for it', async () => {
    const { stream, answers, backlog, giveRoom } = withBacklog();
    stream.write('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"a":}}\n');
    stream.write('{"jsonrpc":"1.0","id":2,"method":"tools/call","params":{}}\n');
    await vi.waitFor(() => expect(backlog.size).toBe(2));
    expect(answers).toEqual([]);
    giveRoom();
    await new Promise<void>((resolve) => backlog.onceAnswered(resolve));
    expect(answers).toEqual([refused(-32700), refused(-32600)]);
  });
});
