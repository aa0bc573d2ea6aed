import { expect, test } from 'vitest';
import { joinSecondBridge } from '../../src/cli/demo.ts';
import { createTerminal } from '../../src/cli/terminal.ts';
import { AppError } from '../../src/domain/errors.ts';

/** A wa-bridge that is there after so long (ms), with this fault; what the terminal shows, and the clock, are ours. */
function joining(afterMs: number, fault: string | null = null) {
  let [clock, shown] = [0, ''];
  let arrive: (found: string | null) => void = () => {};
  const joined = new Promise<string | null>((resolve) => (arrive = resolve));
  const controller = new AbortController();
  const wait = async (ms = 0) => {
    clock += ms;
    controller.signal.throwIfAborted();
    if (clock >= afterMs) arrive(fault);
    await new Promise((resolve) => setImmediate(resolve));
  };
  const terminal = createTerminal({ write: (text) => (shown += text), isTty: true, columns: 200 });
  const app = { join: () => joined };
  const done = () =>
    joinSecondBridge({ app, terminal, signal: controller.signal, now: () => clock, wait: wait as never });
  return { done, shown: () => shown, controller };
}

test('a wa-bridge that was built before is not mentioned', async () => {
  const { done, shown } = joining(900);
  await done();
  expect(shown()).toBe('');
});

test('a build has a line with the time so far, and after a minute, once, the way to go on without it', async () => {
  const { done, shown } = joining(125_000);
  await done();
  for (const seconds of [2, 59, 60, 61, 124]) expect(shown()).toContain(`Getting wa-bridge ready, ${seconds} s`);
  const advice = 'To go on without it: Ctrl-C, then whatsapp-hybrid-mcp demo --bridge baileys\n';
  expect(shown().split(advice)).toHaveLength(2);
  expect(shown().indexOf(advice)).toBeGreaterThan(shown().indexOf('ready, 60 s'));
  expect(shown().indexOf(advice)).toBeLessThan(shown().indexOf('ready, 61 s'));
});

test('a build that ends within a minute brings no advice, and one that fails says why', async () => {
  const quick = joining(59_000);
  await quick.done();
  expect(quick.shown()).not.toContain('--bridge baileys');
  const failed = joining(5_000, 'wa-bridge could not be built: no');
  await failed.done();
  expect(failed.shown()).toContain('   Without wa-bridge: wa-bridge could not be built: no\n');
});

test('Ctrl-C ends the waiting at once', async () => {
  const { done, controller } = joining(Number.POSITIVE_INFINITY);
  controller.abort(new AppError('cancelled', 'Enough.'));
  await expect(done()).rejects.toThrow('Enough.');
});
