import { uptime } from 'node:os';
import { afterEach, expect, it, vi } from 'vitest';
import { uptimeMs } from '../../src/system/uptime.ts';

vi.mock('node:os', async (original) => ({ ...(await original<typeof import('node:os')>()), uptime: vi.fn() }));
afterEach(() => vi.useRealTimers());

it('The uptime is that of the machine, independent of the clock', () => {
  vi.mocked(uptime).mockReturnValue(1234.5);
  vi.useFakeTimers({ now: 0, toFake: ['Date'] });
  expect(uptimeMs()).toBe(1_234_500);
  vi.setSystemTime(Date.UTC(2100, 0, 1));
  expect(uptimeMs()).toBe(1_234_500);
});

it('The uptime is that of the process where the system does not report it, and only grows', () => {
  vi.mocked(uptime).mockImplementation(() => {
    throw new Error('uv_uptime returned EPERM');
  });
  const before = uptimeMs();
  expect(before).toBeGreaterThan(0);
  expect(uptimeMs()).toBeGreaterThanOrEqual(before);
});
