import { describe, expect, it } from 'vitest';
import { createApp } from '../../src/app.ts';
import { AppError, type ErrorCode, errorCodes } from '../../src/domain/errors.ts';
import { failedOutcome } from '../../src/server/run.ts';
import { testConfig } from '../support/fakes/config.ts';
import { fakeServices, fakeStore } from '../support/fakes/fake-services.ts';
import { quietLog } from '../support/fakes/quiet-log.ts';

function app(store = fakeStore()) {
  const { log, lines } = quietLog();
  return { ...createApp(testConfig(), { services: fakeServices({ store }), log }), lines };
}

describe('running a tool', () => {
  it('gives the value with success and a line for a person', async () => {
    expect(await app().runTool('list_chats', {})).toMatchObject({
      ok: true,
      value: { success: true, total: 1 },
      summary: '1 of 1 chats.',
    });
  });

  it('never throws, whatever it is given', async () => {
    for (const args of [undefined, null, 7, 'text', [], { unknown: 1 }]) {
      const outcome = await app().runTool('get_message', args);
      expect(outcome).toMatchObject({ ok: false, error: { success: false, error_code: 'invalid_input' } });
    }
    expect(await app().runTool('', {})).toMatchObject({ ok: false, error: { error_code: 'not_found' } });
  });

  it('does not begin what is cancelled already, and says so', async () => {
    const store = fakeStore();
    store.chats.list = () => {
      throw new Error('begun');
    };
    const outcome = await app(store).runTool('list_chats', {}, { signal: AbortSignal.abort() });
    expect(outcome).toMatchObject({ ok: false, error: { error_code: 'cancelled', retryable: true } });
  });

  it('logs a defect, and nothing of what a caller did wrong', async () => {
    const store = fakeStore();
    const failing = app(store);
    await failing.runTool('get_message', {});
    await failing.runTool('no_tool', {});
    expect(failing.lines).toEqual([]);
    store.chats.list = () => {
      throw new RangeError('defect');
    };
    await failing.runTool('list_chats', {});
    expect(failing.lines).toHaveLength(1);
    expect(failing.lines[0]).toMatch(/RangeError.*defect/);
  });
});

describe('a failure', () => {
  it.each(Object.keys(errorCodes) as ErrorCode[])('of code %s carries the next step and whether to repeat', (code) => {
    const outcome = failedOutcome(new AppError(code, 'A message.', { details: { a: 1 } }));
    expect(outcome).toEqual({
      ok: false,
      error: {
        success: false,
        error_code: code,
        message: 'A message.',
        hint: errorCodes[code].hint,
        retryable: errorCodes[code].retryable,
        details: { a: 1 },
      },
    });
  });

  it('has no details where there are none', () => {
    const outcome = failedOutcome(new AppError('not_found', 'A message.'));
    expect(outcome.ok === false && 'details' in outcome.error).toBe(false);
  });
});
