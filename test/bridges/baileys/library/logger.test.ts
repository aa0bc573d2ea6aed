import { expect, test } from 'vitest';
import { libraryLogger } from '../../../../bridges/baileys/library/logger.ts';

function record() {
  const lines: string[] = [];
  const line = (level: string) => (fields: Record<string, unknown>, message: string) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  const log = { debug: line('debug'), info: line('info'), warn: line('warn'), error: line('error') };
  return { lines, logger: libraryLogger(log) };
}

const secrets = /15550100001|hello world|privKey|MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5/;

test('of what the library logs, no message text, number or key gets through at any level', () => {
  const { lines, logger } = record();
  const stanza = { from: '15550100001@s.whatsapp.net', message: { conversation: 'hello world' }, privKey: 'x' };
  const key = Buffer.from('01234567890123456789012345678901234567890').toString('base64');
  const error = new Error(`No session for 15550100001.0 with ${key}`);
  for (const level of ['trace', 'debug', 'info', 'warn', 'error'] as const) {
    logger[level]({ stanza, err: error, node: stanza }, `failed for 15550100001@s.whatsapp.net ${key}`);
    logger[level](`only text 15550100001 ${key}`);
    logger.child()[level](stanza);
  }
  expect(lines.length).toBe(9);
  expect(lines.join('\n')).not.toMatch(secrets);
});

test('what is left says which failure it was', () => {
  const { lines, logger } = record();
  const boom = Object.assign(new Error('Connection Terminated'), { output: { statusCode: 428 } });
  logger.error({ error: boom }, 'stream errored out');
  expect(lines).toEqual([
    'error stream errored out {"library":"baileys","error":"Error","reason":"Connection Terminated","code":428}',
  ]);
});

test('the new connection that WhatsApp asks for after pairing is no error', () => {
  const { lines, logger } = record();
  const asked = (code: string) => ({ fullErrorNode: { tag: 'stream:error', attrs: { code } } });
  logger.error(asked('515'), 'stream errored out');
  logger.error(asked('401'), 'stream errored out');
  expect(lines.map((line) => line.split(' ')[0])).toEqual(['debug', 'error']);
});

test('the chatter of the library is debug, its stanza dumps are off', () => {
  const { lines, logger } = record();
  logger.info({}, 'connected');
  logger.debug({}, 'x');
  logger.trace({}, 'x');
  expect(lines).toEqual(['debug connected {"library":"baileys"}']);
  expect(logger.level).not.toBe('trace');
});
