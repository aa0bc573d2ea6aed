import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { scrub } from '../src/log.ts';
import { compiled } from './support/setup/compiled.ts';

/** What a program with this log writes, on both streams. */
function logged(program: string): { stdout: string; stderr: string } {
  const source = `import './src/stdout.ts'; import { createLogger } from './src/log.ts';\n${program}`;
  return spawnSync(process.execPath, [compiled({ text: source })], {
    encoding: 'utf8',
    timeout: 20_000,
  });
}

describe('the log', () => {
  it('writes to stderr, nothing to stdout, and not below its level', () => {
    const { stdout, stderr } = logged(
      `const log = createLogger('info'); log.debug('quiet'); log.info({ bridge: 'baileys' }, 'loud');`,
    );
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toMatchObject({ bridge: 'baileys', msg: 'loud' });
  });

  it('prints no key, text, name or address that is handed to it', () => {
    const { stderr } = logged(`
      const log = createLogger('debug');
      const jid = '15550100123@s.whatsapp.net';
      log.debug({ jid, content: 'the text', message: { conversation: 'the text' }, creds: { noiseKey: 'the key' } }, 'event');
      log.debug({ sock: { privKey: 'the key', pushName: 'the name' }, remote: jid }, 'to ' + jid + ' and +1 555 010-0123');
      const error = Object.assign(new Error('for ' + jid), { details: { candidates: ['the name'] } });
      log.error({ err: error }, 'failed');
    `);
    expect(stderr.trim().split('\n')).toHaveLength(3);
    expect(stderr).not.toMatch(/the text|the key|the name|0100123|010-0123/);
  });

  it('steers no terminal, with any text, and is JSON all the same', () => {
    const { stderr } = logged(`
      const text = String.fromCodePoint(27, 93, 48, 7, 0x9b, 0x85, 13, 10, 0x7f, 0x202e, 0x2066, 0x2028);
      createLogger('info').info({ state: text }, text);
      console.log(text);
      process.stdout.write(text);
    `);
    expect(stderr.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
    expect(JSON.parse(stderr.split('\n')[0] ?? '').msg).toBe(
      String.fromCodePoint(27, 93, 48, 7, 0x9b, 0x85, 13, 10, 0x7f, 0x202e, 0x2066, 0x2028),
    );
  });

  it('keeps the trace of an error and of its cause', () => {
    const program = `const cause = new TypeError('defect');
      createLogger('error').error({ err: new Error('outside', { cause }) }, 'tool failed');`;
    const { err } = JSON.parse(logged(program).stderr);
    expect(err).toMatchObject({ type: 'Error', stack: expect.stringMatching(/outside\n +at /) });
    expect(err.cause).toMatchObject({ type: 'TypeError', stack: expect.stringMatching(/defect\n +at /) });
  });

  it('turns what libraries print into debug lines', () => {
    expect(logged(`createLogger('warn'); console.warn('noise');`).stderr).toBe('');
    expect(logged(`createLogger('debug'); console.warn('noise');`).stderr).toContain('noise');
  });
});

describe('scrubbing', () => {
  const numbers = fc.integer({ min: 1_000_000, max: 999_999_999_999_999 }).map(String);
  const servers = fc.constantFrom('s.whatsapp.net', 'lid', 'g.us', 'c.us', 'newsletter', 'hosted.lid');
  const devices = fc.constantFrom('', ':7', '_1:12');

  it('takes the number out of every address', () => {
    fc.assert(
      fc.property(numbers, devices, servers, (number, device, server) => {
        expect(scrub(`{"a":"${number}${device}@${server}"}`)).not.toContain(number);
      }),
    );
  });

  it('leaves times and counts alone', () => {
    const line = '{"time":"2026-11-22T17:00:00.000Z","messages":8432,"ms":1732294800000}';
    expect(scrub(line)).toBe(line);
  });
});
