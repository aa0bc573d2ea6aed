import { beforeEach, describe, expect, it } from 'vitest';
import type { BridgeId } from '../../bridges/bridge.ts';
import type { Handlers } from '../../bridges/operations/catalog.ts';
import type { AllowanceStore } from '../../src/domain/allowance.ts';
import { AppError, type ErrorCode } from '../../src/domain/errors.ts';
import { createQueryCache } from '../../src/router/query-cache.ts';
import { type Call, createRouter } from '../../src/router/router.ts';
import { fakeBridge, fakeBridges } from '../support/fakes/fake-bridge.ts';
import { fakeAllowance } from '../support/fakes/fake-services.ts';
import { quietLog } from '../support/fakes/quiet-log.ts';

const size = 'full';
const person = (serial: number) => ({ jid: `1555010${1000 + serial}@s.whatsapp.net` });

let now = 1_760_000_000_000;
let call: Call;
let store: AllowanceStore;
/** A new query cache, as another process or a restart creates it. */
let start: () => Call;
/** The calls that reached a bridge. */
let asked: unknown[];
let failure: ErrorCode | undefined;

function answering<T>(value: T) {
  return async (input: unknown): Promise<T> => {
    asked.push(input);
    if (failure) throw new AppError(failure, 'No.');
    return value;
  };
}

beforeEach(() => {
  asked = [];
  failure = undefined;
  const handlers: Partial<Handlers> = {
    'contacts.about': answering({ visibility: 'shown' as const, about: 'Here' }),
    'contacts.picture': answering({ visibility: 'none' as const }),
    'contacts.check': answering({ numbers: [] }),
    'contacts.blocked': answering({ blocked: [] }),
    'business.profile': answering({ is_business: false }),
  };
  const bridges = fakeBridges(fakeBridge('baileys', 'ready', handlers));
  const { log } = quietLog();
  store = fakeAllowance();
  start = () =>
    createQueryCache(
      createRouter(() => bridges, log),
      { store: () => store, log, now: () => now },
    );
  call = start();
});

const about = (serial: number) => call('contacts.about', person(serial));
const codeOf = (answer: Promise<unknown>): Promise<unknown> => answer.catch((error: AppError) => error.code);
const pass = (seconds: number) => {
  now += seconds * 1000;
};

describe('a look-up', () => {
  it('is answered from the cache while fresh, with its age and bridge', async () => {
    const served_by: BridgeId = 'baileys';
    expect(await about(1)).toEqual({ visibility: 'shown', about: 'Here', served_by, age_seconds: 0 });
    pass(599);
    expect(await about(1)).toEqual({ visibility: 'shown', about: 'Here', served_by, age_seconds: 599 });
    expect(asked).toHaveLength(1);
    pass(1);
    expect(await about(1)).toMatchObject({ age_seconds: 0 });
    expect(asked).toHaveLength(2);
  });

  it('is cached by operation and input', async () => {
    await about(1);
    await about(2);
    await call('contacts.picture', { ...person(1), size });
    await call('contacts.picture', { ...person(1), size: 'preview' });
    expect(asked).toHaveLength(4);
  });

  it('is repeated after a failure', async () => {
    failure = 'upstream_unanswered';
    expect(await codeOf(about(1))).toBe('upstream_unanswered');
    failure = undefined;
    expect(await about(1)).toMatchObject({ about: 'Here' });
  });

  it('is evicted when there are too many others', async () => {
    await about(0);
    for (let serial = 1; serial <= 500; serial++) {
      pass(1);
      await call('contacts.blocked', { serial } as unknown as Record<string, never>);
    }
    const before = asked.length;
    await call('contacts.blocked', { serial: 500 } as unknown as Record<string, never>);
    expect(asked).toHaveLength(before);
    await about(0);
    expect(asked).toHaveLength(before + 1);
  });
});

describe('the limit of look-ups', () => {
  it('is five at once over all kinds, and the error gives the time of the next one', async () => {
    for (const serial of [1, 2]) await about(serial);
    for (const serial of [1, 2]) await call('contacts.picture', { ...person(serial), size });
    await call('contacts.check', { phones: ['+15550101001'] });
    const refused = await about(3).catch((error: AppError) => error);
    expect(refused).toMatchObject({
      code: 'rate_limited',
      details: { retry_after_seconds: 20 },
      message: expect.stringMatching(/3 look-ups a minute.* in 20 seconds\.$/),
    });
    expect(asked).toHaveLength(5);
    pass(5);
    await expect(about(3)).rejects.toMatchObject({ details: { retry_after_seconds: 15 } });
    pass(15);
    expect(await about(3)).toMatchObject({ about: 'Here' });
    expect(await codeOf(about(4))).toBe('rate_limited');
  });

  it('refills to no more than five', async () => {
    for (let serial = 0; serial < 5; serial++) await about(serial);
    pass(24 * 3600);
    const answers = await Promise.all(Array.from({ length: 17 }, (_, index) => codeOf(about(100 + index))));
    expect(answers.filter((answer) => answer === 'rate_limited')).toHaveLength(12);
  });

  it('does not count cached answers, the own account and businesses', async () => {
    for (let serial = 0; serial < 5; serial++) await about(serial);
    expect(await about(4)).toMatchObject({ age_seconds: 0 });
    expect(await call('contacts.blocked', {})).toMatchObject({ blocked: [] });
    expect(await call('business.profile', person(9))).not.toHaveProperty('age_seconds');
  });

  it.each(['upstream_unanswered', 'upstream_rejected', 'rate_limited'] as const)(
    'counts look-ups that ended in %s, because WhatsApp received them',
    async (code) => {
      failure = code;
      for (let serial = 0; serial < 5; serial++) expect(await codeOf(about(serial))).toBe(code);
      failure = undefined;
      expect(await codeOf(about(9))).toBe('rate_limited');
    },
  );

  it('does not count those that reached no bridge', async () => {
    failure = 'bridge_unavailable';
    for (let serial = 0; serial < 9; serial++) expect(await codeOf(about(serial))).toBe('bridge_unavailable');
    failure = undefined;
    expect(await about(9)).toMatchObject({ about: 'Here' });
  });

  it('is shared by all processes, and survives a restart', async () => {
    for (let serial = 0; serial < 3; serial++) await about(serial);
    call = start();
    for (let serial = 3; serial < 5; serial++) await about(serial);
    expect(await codeOf(about(5))).toBe('rate_limited');
    call = start();
    expect(await codeOf(about(6))).toBe('rate_limited');
    pass(20);
    expect(await about(6)).toMatchObject({ about: 'Here' });
  });
});
