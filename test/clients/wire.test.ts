import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Wire } from './wire.ts';

type Said = [from: 'client' | 'server', message: object | string];

const request = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'x', _meta: { progressToken: 7 } } };
const answer = { jsonrpc: '2.0', id: 1, result: {} };
const progress = (value: number, progressToken = 7) => ({
  jsonrpc: '2.0',
  method: 'notifications/progress',
  params: { progressToken, progress: value },
});
const cancelled = { jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 1 } };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wire-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** The protocol faults of a session with these messages. */
async function faults(...said: Said[]): Promise<string[]> {
  const path = join(folder, 'tap.sock');
  const wire = new Wire(path);
  const tap = connect(path);
  for (const [from, message] of said) {
    const line = typeof message === 'string' ? message : JSON.stringify(message);
    tap.write(`${JSON.stringify({ from, line })}\n`);
  }
  tap.end();
  if (said.length > 0) await wire.said(() => wire.messages.length > 0);
  await once(tap, 'close');
  await wire.ended();
  return wire.faults();
}

describe('A wire', () => {
  test('has nothing to object to in a good session', async () => {
    const good: Said[] = [
      ['client', request],
      ['server', progress(1)],
      ['server', progress(2)],
      ['server', answer],
    ];
    expect(await faults(...good)).toEqual([]);
  });

  test('lets a call that was stopped go unanswered', async () => {
    expect(await faults(['client', request], ['client', cancelled])).toEqual([]);
  });

  test.each<[string, Said[], RegExp]>([
    [
      'a line that is no message',
      [
        ['client', request],
        ['server', answer],
        ['server', 'hello'],
      ],
      /no JSON-RPC.*hello/,
    ],
    ['a question without an answer', [['client', request]], /never answered: tools\/call/],
    [
      'a second answer',
      [
        ['client', request],
        ['server', answer],
        ['server', answer],
      ],
      /nobody waits for: 1/,
    ],
    [
      'an answer to nothing',
      [
        ['client', request],
        ['server', answer],
        ['server', { ...answer, id: 2 }],
      ],
      /for: 2/,
    ],
    [
      'an answer to a stopped call',
      [
        ['client', request],
        ['client', cancelled],
        ['server', answer],
      ],
      /waits for: 1/,
    ],
    [
      'progress that nobody asked for',
      [
        ['client', request],
        ['server', progress(1, 8)],
        ['server', answer],
      ],
      /token/,
    ],
    [
      'progress that stands still',
      [
        ['client', request],
        ['server', progress(1)],
        ['server', progress(1)],
        ['server', answer],
      ],
      /grow/,
    ],
  ])('sees %s', async (_, said, fault) => expect((await faults(...said)).join()).toMatch(fault));
});
