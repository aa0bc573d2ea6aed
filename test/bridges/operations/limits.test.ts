import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type OperationName, operations } from '../../../bridges/operations/catalog.ts';
import { defaultLimits, operation } from '../../../bridges/operations/define.ts';
import type { DaemonClient } from '../../../bridges/whatsmeow/daemon-client.ts';
import { handlersFor } from '../../../bridges/whatsmeow/handlers.ts';
import { wireOperations } from '../../../scripts/openapi.ts';
import { goLimits } from '../../../scripts/operations/go-limits.ts';
import type { AppError } from '../../../src/domain/errors.ts';

const { input, output } = operations['connection.logout'];
const bare = { summary: '', effect: 'read', repeat: 'safe', route: ['baileys'], input, output } as const;
const names = Object.keys(operations) as OperationName[];

describe('the time limits of an operation', () => {
  it('are its own, or else the default', () => {
    expect(operation(bare)).toMatchObject(defaultLimits);
    expect(operation({ ...bare, timeoutMs: 30_000 })).toMatchObject({ ...defaultLimits, timeoutMs: 30_000 });
  });

  it.each(names)('of %s leave time for an answer', (name) => {
    expect(operations[name].timeoutMs).toBeGreaterThan(operations[name].answerTimeoutMs);
  });

  it('are the constants of wa-bridge', () => {
    const numbers = Object.fromEntries(
      [...goLimits().matchAll(/^\t(\w+) = (\d+)/gm)].map(([, name = '', number]) => [name, Number(number)]),
    );
    expect(numbers).toMatchObject({
      AnswerTimeout: defaultLimits.answerTimeoutMs / 1000,
      HistoryPageAnswerTimeout: operations['history.page'].answerTimeoutMs / 1000,
      LongestTimeout: Math.max(...names.map((name) => operations[name].timeoutMs)) / 1000,
    });
  });
});

describe('the client of wa-bridge', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it.each(wireOperations)('gives %s up at its timeout, and not before', async (name) => {
    const request = () => new Promise<never>(() => {});
    const handlers = handlersFor([name], {
      daemon: () => ({ request }) as unknown as DaemonClient,
      invalidateStatus: () => {},
      onUnsupported: () => {},
    });
    const { timeoutMs, repeat } = operations[name];
    let failure: AppError | undefined;
    const asked = handlers[name]?.({} as never).catch((reason) => {
      failure = reason;
    });
    await vi.advanceTimersByTimeAsync(timeoutMs - 1);
    expect(failure).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    await asked;
    expect(failure?.code).toBe(repeat === 'safe' ? 'upstream_unanswered' : 'outcome_unknown');
    expect(failure?.message).toContain(`within ${timeoutMs / 1000} s`);
  });
});
