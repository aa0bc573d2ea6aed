import { describe, expect, it } from 'vitest';
import type { AllowanceStore, Used } from '../../src/domain/allowance.ts';
import { AppError } from '../../src/domain/errors.ts';
import { TokenBucket } from '../../src/router/allowance.ts';
import { fakeAllowance } from '../support/fakes/fake-services.ts';
import { quietLog } from '../support/fakes/quiet-log.ts';

const hour = 3_600_000;

function counted(store: () => AllowanceStore, begin = 100 * hour) {
  const clock = { now: begin };
  const { log, lines } = quietLog();
  const allowance = () => new TokenBucket({ store, log, now: () => clock.now });
  return { clock, lines, allowance };
}

/** How many queries are allowed at once. */
function taken(allowance: TokenBucket, most = 20): number {
  for (let count = 0; count < most; count++) {
    try {
      allowance.take();
    } catch (error) {
      expect(error).toMatchObject({ code: 'rate_limited' });
      return count;
    }
  }
  return most;
}

const keeping = (kept: Used): AllowanceStore => ({ update: (change) => void Object.assign(kept, change({ ...kept })) });

describe('the allowance', () => {
  it('refills over time, to at most five', () => {
    const { clock, allowance } = counted(fakeAllowance);
    const one = allowance();
    expect(taken(one)).toBe(5);
    clock.now += 40_000;
    expect(taken(one)).toBe(2);
    clock.now += hour;
    expect(taken(one)).toBe(5);
  });

  it('is shared by all users of one file', () => {
    const store = fakeAllowance();
    const { allowance } = counted(() => store);
    expect(taken(allowance(), 3)).toBe(3);
    expect(taken(allowance())).toBe(2);
    expect(taken(allowance())).toBe(0);
  });

  it('after a restart of the machine counts the time since then, the minimum that has passed', () => {
    const store = fakeAllowance();
    const { clock, allowance } = counted(() => store);
    expect(taken(allowance())).toBe(5);
    clock.now = 1000;
    expect(taken(allowance())).toBe(0);
    clock.now = 21_000;
    expect(taken(allowance())).toBe(1);
    clock.now = hour;
    expect(taken(allowance())).toBe(5);
  });

  it.each([
    ['more than there is', { used: 1e300, at: 0 }],
    ['less than nothing', { used: -50, at: 0 }],
    ['a time to come', { used: 5, at: 1e300 }],
    ['a time long before', { used: 5, at: -1e300 }],
  ])('with a file of %s neither blocks calls nor allows extra ones', (_, kept) => {
    const { clock, allowance } = counted(() => keeping(kept));
    clock.now += 101_000;
    expect(taken(allowance())).toBe(5);
    expect(taken(allowance())).toBe(0);
  });
});

describe('an allowance whose file fails', () => {
  const failing: AllowanceStore = {
    update: () => {
      throw new Error('disk I/O error');
    },
  };

  it('is counted in memory, and logged once', () => {
    const { lines, clock, allowance } = counted(() => failing);
    const one = allowance();
    expect(taken(one)).toBe(5);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('look-ups are counted in memory');
    clock.now += 20_000;
    expect(taken(one)).toBe(1);
  });

  it('also when it cannot be opened', () => {
    const { allowance } = counted(() => {
      throw new Error('file is not a database');
    });
    expect(taken(allowance())).toBe(5);
  });

  it('continues from its value, and so does the file when it works again', () => {
    const whole = fakeAllowance();
    let store = whole;
    const { allowance } = counted(() => store);
    const one = allowance();
    expect(taken(one, 2)).toBe(2);
    store = failing;
    expect(taken(one, 2)).toBe(2);
    store = whole;
    expect(taken(one)).toBe(1);
    expect(taken(allowance())).toBe(0);
  });

  it('counts once what it could not store', () => {
    const full: AllowanceStore = {
      update(change) {
        change(undefined);
        throw new Error('database or disk is full');
      },
    };
    expect(taken(counted(() => full).allowance())).toBe(5);
  });

  it('still rejects too many queries', () => {
    const { allowance } = counted(fakeAllowance);
    const one = allowance();
    taken(one);
    expect(() => one.take()).toThrow(AppError);
    one.refund();
    expect(taken(one)).toBe(1);
  });
});
