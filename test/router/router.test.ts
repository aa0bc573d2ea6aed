import { describe, expect, it } from 'vitest';
import type { BridgeState } from '../../bridges/bridge.ts';
import { type OperationName, operations } from '../../bridges/operations/catalog.ts';
import { AppError, type ErrorCode } from '../../src/domain/errors.ts';
import { createRouter } from '../../src/router/router.ts';
import { fakeBridge } from '../support/fakes/fake-bridge.ts';
import { quietLog } from '../support/fakes/quiet-log.ts';

const name = 'history.full';
const answer = { state: 'ready' as const, pending_chunks: 0 };

/** Two bridges on the route of one operation, which is repeatable or not. */
function twoBridges(first: ErrorCode | 'answers', options: { repeat?: 'safe' | 'never'; state?: BridgeState } = {}) {
  const operation = operations[name] as { route: unknown; repeat: unknown };
  const before = { route: operation.route, repeat: operation.repeat };
  operation.route = ['whatsmeow', 'baileys'];
  operation.repeat = options.repeat ?? 'safe';
  const whatsmeow = fakeBridge('whatsmeow', options.state ?? 'ready', {
    [name]: async () => {
      if (first === 'answers') return answer;
      throw new AppError(first, `first: ${first}`);
    },
  });
  const baileys = fakeBridge('baileys', 'ready', { [name]: async () => answer });
  const call = createRouter(() => ({ whatsmeow, baileys }), quietLog().log);
  return { call, whatsmeow, baileys, restore: () => Object.assign(operation, before) };
}

async function outcome(first: ErrorCode | 'answers', repeat: 'safe' | 'never'): Promise<string> {
  const { call, baileys, restore } = twoBridges(first, { repeat });
  try {
    const { served_by } = await call(name, {});
    return served_by;
  } catch (error) {
    expect(baileys.asked).toEqual([]);
    return (error as AppError).code;
  } finally {
    restore();
  }
}

describe('router', () => {
  it('asks the first bridge of the route and returns served_by', async () => {
    expect(await outcome('answers', 'safe')).toBe('whatsmeow');
  });

  it.each(['safe', 'never'] as const)('fails over after bridge_unavailable when repeating is %s', async (repeat) => {
    expect(await outcome('bridge_unavailable', repeat)).toBe('baileys');
  });

  it.each(['upstream_unanswered', 'outcome_unknown'] as const)(
    'fails over after %s only when repeating is safe',
    async (code) => {
      expect(await outcome(code, 'safe')).toBe('baileys');
      expect(await outcome(code, 'never')).toBe(code);
    },
  );

  it.each(['invalid_input', 'not_found', 'upstream_rejected', 'rate_limited', 'not_permitted', 'timeout'] as const)(
    'stops at %s, because another bridge would answer the same',
    async (code) => {
      expect(await outcome(code, 'safe')).toBe(code);
    },
  );

  it('skips an unlinked bridge, even for an operation that must not repeat', async () => {
    const { call, whatsmeow, restore } = twoBridges('answers', { repeat: 'never', state: 'unlinked' });
    await expect(call(name, {}).finally(restore)).resolves.toMatchObject({ served_by: 'baileys' });
    expect(whatsmeow.asked).toEqual(['connect']);
  });

  it('stops at a not_linked from a linked bridge', async () => {
    expect(await outcome('not_linked', 'safe')).toBe('not_linked');
  });

  it('stops on cancellation and asks no other bridge', async () => {
    const { call, whatsmeow, baileys, restore } = twoBridges('answers');
    const controller = new AbortController();
    whatsmeow.handlers[name] = async () => {
      controller.abort();
      throw new AppError('bridge_unavailable', 'went away');
    };
    const cancelled = call(name, {}, { signal: controller.signal }).finally(restore);
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(baileys.asked).toEqual([]);
  });

  it('asks no bridge for a cancelled call', async () => {
    const { call, whatsmeow, restore } = twoBridges('answers');
    const cancelled = call(name, {}, { signal: AbortSignal.abort() }).finally(restore);
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
    expect(whatsmeow.asked).toEqual([]);
  });

  it('stops at an error that is not ours', async () => {
    const { call, whatsmeow, baileys, restore } = twoBridges('answers');
    whatsmeow.handlers[name] = async () => {
      throw new TypeError('defect');
    };
    await expect(call(name, {}).finally(restore)).rejects.toThrow(TypeError);
    expect(baileys.asked).toEqual([]);
  });

  it('refuses an answer that does not fit the operation’s schema', async () => {
    const { call, whatsmeow, restore } = twoBridges('answers');
    whatsmeow.handlers[name] = async () => ({ state: 'ready', pending_chunks: 'many' }) as never;
    await expect(call(name, {}).finally(restore)).rejects.toMatchObject({ name: 'ZodError' });
  });
});

describe('a route without an answer', () => {
  it('rejects with not_supported and the state of each bridge when none has a handler', async () => {
    const whatsmeow = fakeBridge('whatsmeow', 'not_configured');
    const call = createRouter(() => ({ whatsmeow, baileys: fakeBridge('baileys', 'down') }), quietLog().log);
    const error = await call(name, {}).catch((reason) => reason);
    expect(error).toMatchObject({ code: 'not_supported', message: expect.stringContaining('baileys: down') });
  });

  it('rejects with the most informative of several errors', async () => {
    const { call, baileys, restore } = twoBridges('upstream_unanswered');
    baileys.become('unlinked');
    const error = await call(name, {})
      .catch((reason) => reason)
      .finally(restore);
    expect(error).toMatchObject({ code: 'upstream_unanswered', message: 'first: upstream_unanswered' });
    expect(error.details.passed_over).toEqual([
      { bridge: 'whatsmeow', state: 'ready', error_code: 'upstream_unanswered' },
      { bridge: 'baileys', state: 'unlinked', error_code: 'not_linked' },
    ]);
  });
});

describe('an addressed operation', () => {
  const addressed = 'connection.cancel_pairing';

  it('goes to the named bridge, linked or not, without connecting it', async () => {
    const whatsmeow = fakeBridge('whatsmeow', 'unlinked', { [addressed]: async () => ({ state: 'unlinked' }) });
    const baileys = fakeBridge('baileys', 'ready', { [addressed]: async () => ({ state: 'ready' }) });
    const call = createRouter(() => ({ whatsmeow, baileys }), quietLog().log);
    await expect(call(addressed, {}, { bridge: 'whatsmeow' })).resolves.toEqual({
      state: 'unlinked',
      served_by: 'whatsmeow',
    });
    expect(whatsmeow.asked).toEqual([addressed]);
  });

  it('never fails over', async () => {
    const fail = async () => {
      throw new AppError('bridge_unavailable', 'gone');
    };
    const whatsmeow = fakeBridge('whatsmeow', 'down', { [addressed]: fail });
    const baileys = fakeBridge('baileys', 'ready', { [addressed]: async () => ({ state: 'ready' }) });
    const call = createRouter(() => ({ whatsmeow, baileys }), quietLog().log);
    await expect(call(addressed, {}, { bridge: 'whatsmeow' })).rejects.toMatchObject({ code: 'bridge_unavailable' });
    expect(baileys.asked).toEqual([]);
  });

  it('without a bridge is a defect of the caller', async () => {
    const bridges = { whatsmeow: fakeBridge('whatsmeow', 'ready'), baileys: fakeBridge('baileys', 'ready') };
    await expect(createRouter(() => bridges, quietLog().log)(addressed, {})).rejects.toMatchObject({
      code: 'internal',
    });
  });
});

describe('the routes', () => {
  it.each(Object.keys(operations) as OperationName[])('%s names a bridge once or is addressed', (operation) => {
    const { route } = operations[operation];
    if (route === 'addressed') return;
    expect(new Set(route).size).toBe(route.length);
  });
});
