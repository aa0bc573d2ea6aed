import { describe, expect, test } from 'vitest';
import { indiscretions, type Secrets, secretsOf } from '../support/e2e/discretion.ts';
import { serveLinked } from '../support/e2e/live.ts';
import { temporaryDir } from '../support/e2e/program.ts';
import { startWorld } from '../support/e2e/simulator.ts';

const answer = '{"jsonrpc":"2.0","id":1,"result":{}}\n';
const key = Buffer.from('00ff10a0b1c2d3e4f5061728394a5b6c', 'hex');
const secrets: Secrets = { keys: [key], numbers: ['15550100001'], texts: ['The zephyr sings at night'] };
const silent = { stdout: answer, stderr: '', killed: false };
const spelt = (change: (bytes: Buffer) => string): string => `{"level":40,"it":"${change(key)}"}`;

describe('what a server says in a storm', () => {
  test('may be JSON-RPC on stdout and plain news on stderr', () => {
    expect(indiscretions({ ...silent, stderr: '{"level":40,"msg":"no connection for 155 s"}\n' }, secrets)).toEqual([]);
  });

  test.each([
    ['a stray line', `${answer}hello\n`],
    ['JSON that is no message', '{"hello":1}\n'],
    ['half a line', answer.slice(0, -1)],
  ])('may not be %s on stdout', (_, stdout) => {
    expect(indiscretions({ ...silent, stdout }, secrets)).toEqual([expect.stringMatching(/^stdout/)]);
  });

  test('may end with half a line only when it was killed', () => {
    expect(indiscretions({ ...silent, stdout: `${answer}{"jsonr`, killed: true }, secrets)).toEqual([]);
    expect(indiscretions({ ...silent, stdout: `hello\n{"jsonr`, killed: true }, secrets)).toHaveLength(1);
  });

  test.each([
    ['base64', spelt((bytes) => bytes.toString('base64'))],
    ['hex', spelt((bytes) => bytes.toString('hex'))],
    ['the form of console.log', spelt((bytes) => `<Buffer ${bytes.toString('hex').match(/../g)?.join(' ')}>`)],
    ['JSON of a buffer', spelt((bytes) => JSON.stringify(bytes))],
    ['a list', spelt((bytes) => [...bytes].join(', '))],
  ])('may hold no private key in %s', (_, stderr) => {
    expect(indiscretions({ ...silent, stderr }, secrets)).toEqual(['the log holds a private key']);
  });

  test('may hold neither a number nor a text', () => {
    const stderr = 'from 15550100001@s.whatsapp.net: The zephyr sings at night';
    const found = ['the log holds a phone number', 'the log holds a message text'];
    expect(indiscretions({ ...silent, stderr }, secrets)).toEqual(found);
  });

  test('is compared with the keys, numbers and texts of the real account', async () => {
    const simulator = await startWorld({ messages: 100 });
    const dataDir = temporaryDir();
    const server = await serveLinked(simulator, dataDir);
    const { keys, numbers, texts } = secretsOf(dataDir, simulator);
    expect(keys.length).toBeGreaterThan(100); // including pre-keys
    expect(numbers).toEqual(expect.arrayContaining(['1234567890', simulator.world.me.pn.split('@')[0]]));
    expect(texts.length).toBeGreaterThan(20);
    expect(
      indiscretions({ stdout: answer, stderr: server.server.stderr(), killed: false }, { keys, numbers, texts }),
    ).toEqual([]);
  }, 300_000);
});
