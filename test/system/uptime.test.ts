import { uptime } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';
import { uptimeMs } from '../../src/system/uptime.ts';

afterEach(() => vi.useRealTimers());

it.each([-1, 0, 1, 75])('The uptime is that of the machine with the clock set %s years from now', (years) => {
  const year = 365 * 24 * 3_600_000;
  vi.useFakeTimers({ now: Date.now() + years * year, toFake: ['Date'] });
  expect(uptimeMs(() => 1234.5)).toBe(1_234_500);
  const before = uptime() * 1000;
  const told = uptimeMs();
  expect(told).toBeGreaterThanOrEqual(before);
  expect(told).toBeLessThanOrEqual(uptime() * 1000);
});

it('The uptime is that of the process where the system does not tell, and only grows', () => {
  const fails = () => {
    throw new Error('uv_uptime returned EPERM');
  };
  const from = performance.now();
  const before = uptimeMs(fails);
  expect(before).toBeGreaterThanOrEqual(from);
  expect(before).toBeLessThanOrEqual(performance.now());
  expect(uptimeMs(fails)).toBeGreaterThanOrEqual(before);
});
