import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BuildFailed } from '../../../bridges/whatsmeow/binary.ts';
import { type BridgeEnd, BridgeNotStarted, type BridgeProcess } from '../../../bridges/whatsmeow/daemon-process.ts';
import { createSupervisor, type SupervisorDeps, supervised } from '../../../bridges/whatsmeow/supervisor.ts';
import { AppError } from '../../../src/domain/errors.ts';
import { fakeBridge } from '../../support/fakes/fake-bridge.ts';
import { quietLog } from '../../support/fakes/quiet-log.ts';

interface FakeProcess extends BridgeProcess {
  end(end?: Partial<BridgeEnd>): Promise<void>;
}

const endOf = (end: Partial<BridgeEnd>): BridgeEnd => ({ code: 1, isFatal: false, reason: 'it fell over', ...end });

function fakeProcess(): FakeProcess {
  let resolve: (end: BridgeEnd) => void = () => {};
  const ended = new Promise<BridgeEnd>((done) => {
    resolve = done;
  });
  const end = async (how: Partial<BridgeEnd> = {}) => {
    resolve(endOf(how));
    await ended;
    await Promise.resolve();
  };
  return { pid: 4711, url: 'http://127.0.0.1:1', ended, stop: () => end({ code: 0 }), kill: () => {}, end };
}

/** A supervisor of fake programs; `next` sets what the next starts do. */
function rig(options: Partial<SupervisorDeps> = {}) {
  const started: FakeProcess[] = [];
  const next: (() => Promise<BridgeProcess>)[] = [];
  const { log, lines } = quietLog();
  const start = vi.fn(async () => {
    const planned = next.shift();
    if (planned) return planned();
    const made = fakeProcess();
    started.push(made);
    return made;
  });
  const keeper = createSupervisor({ start, runsElsewhere: () => false, log, ...options });
  return { keeper, start, started, next, lines };
}

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }));
afterEach(() => void vi.useRealTimers());

describe('The keeper of wa-bridge', () => {
  test('starts one daemon at the first call, even for many calls at once', async () => {
    const { keeper, start } = rig();
    expect(start).not.toHaveBeenCalled();
    await Promise.all([keeper.ensure(), keeper.ensure()]);
    await keeper.ensure();
    expect(start).toHaveBeenCalledTimes(1);
    expect(keeper.lastError()).toBeNull();
  });

  test('starts none while another runs, and starts one after that has ended', async () => {
    let runs = true;
    const { keeper, start } = rig({ runsElsewhere: () => runs });
    await keeper.ensure();
    expect(start).not.toHaveBeenCalled();
    runs = false;
    await keeper.ensure();
    expect(start).toHaveBeenCalledTimes(1);
  });

  test('starts it again when it fell over, each time later, and at once patient again after it went well', async () => {
    const { keeper, start, started } = rig();
    await keeper.ensure();
    for (const [number, delay] of [1_000, 2_000, 4_000].entries()) {
      await started[number]?.end();
      expect(keeper.lastError()).toContain('it fell over');
      await keeper.ensure(); // another call does not start it earlier
      await vi.advanceTimersByTimeAsync(delay - 1);
      expect(start).toHaveBeenCalledTimes(number + 1);
      await vi.advanceTimersByTimeAsync(1);
      expect(start).toHaveBeenCalledTimes(number + 2);
    }
    await vi.advanceTimersByTimeAsync(60_001);
    await started[3]?.end();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(start).toHaveBeenCalledTimes(5);
  });

  test('waits a minute at most between two starts', async () => {
    const { keeper, start, started } = rig();
    await keeper.ensure();
    for (let round = 0; round < 12; round++) {
      await started.at(-1)?.end();
      await vi.advanceTimersByTimeAsync(60_000);
      expect(start).toHaveBeenCalledTimes(round + 2);
    }
  });

  test('does not start it again by itself where that cannot help, but after a while when it is needed', async () => {
    const { keeper, start, next } = rig();
    next.push(() =>
      Promise.reject(new BridgeNotStarted(endOf({ code: 4, isFatal: true, reason: 'its port is taken' }))),
    );
    await keeper.ensure();
    expect(keeper.lastError()).toBe('wa-bridge does not run: its port is taken.');
    await keeper.ensure();
    await vi.advanceTimersByTimeAsync(29_999);
    await keeper.ensure();
    expect(start).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(2);
    expect(start).toHaveBeenCalledTimes(1);
    await keeper.ensure();
    expect(start).toHaveBeenCalledTimes(2);
    expect(keeper.lastError()).toBeNull();
  });

  test('uses the daemon that another server starts at the same moment', async () => {
    let runs = false;
    const { keeper, next, start } = rig({ runsElsewhere: () => runs });
    next.push(() => Promise.reject(new BridgeNotStarted(endOf({ code: 3, isFatal: true, reason: 'another works' }))));
    const ensured = keeper.ensure();
    await vi.advanceTimersByTimeAsync(200);
    expect(keeper.lastError()).not.toBeNull();
    runs = true;
    await vi.advanceTimersByTimeAsync(50);
    await ensured;
    expect(keeper.lastError()).toBeNull();
    runs = false;
    await keeper.ensure();
    expect(start).toHaveBeenCalledTimes(2);
  });

  test('reports an error when the other daemon never writes its address', async () => {
    const { keeper, next } = rig();
    next.push(() => Promise.reject(new BridgeNotStarted(endOf({ code: 3, isFatal: true, reason: 'another works' }))));
    void keeper.ensure();
    await vi.advanceTimersByTimeAsync(6_000);
    expect(keeper.lastError()).toBe('wa-bridge does not run: another works.');
  });

  test('waits a moment for one that is slow to start, soon enough for another bridge to answer, and says so', async () => {
    const { keeper, next } = rig();
    next.push(() => new Promise(() => {}));
    let isFree = false;
    const ensured = keeper.ensure().then(() => (isFree = true));
    await vi.advanceTimersByTimeAsync(2_999);
    expect(isFree).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await ensured;
    expect(keeper.lastError()).toBe('wa-bridge is being started.');
    expect(keeper.building()).toBeUndefined();
  });

  test('never waits while it is built, says for how long, and uses it as soon as it is there', async () => {
    let up: (made: BridgeProcess) => void = () => {};
    const start = vi.fn((_: AbortSignal, onBuild: () => void) => {
      setTimeout(onBuild, 100);
      return new Promise<BridgeProcess>((resolve) => (up = resolve));
    });
    const { keeper } = rig({ start });
    let isFree = false;
    void keeper.ensure().then(() => (isFree = true));
    await vi.advanceTimersByTimeAsync(100);
    expect(isFree).toBe(true);
    await vi.advanceTimersByTimeAsync(42_000);
    await keeper.ensure();
    expect(keeper.lastError()).toContain('is being built with Go, since 42 s');
    const building = keeper.building();
    up(fakeProcess());
    await building;
    expect([keeper.building(), keeper.lastError()]).toEqual([undefined, null]);
    await keeper.ensure();
    expect(start).toHaveBeenCalledTimes(1);
  });

  test('says once what the compiler said, and does not build the same again for ten minutes', async () => {
    const { keeper, start, next, lines } = rig();
    const failed = () => Promise.reject(new BuildFailed({ stderr: '# wa\nmain.go:1: no' }));
    next.push(failed, failed);
    for (const [ms, starts] of [
      [0, 1],
      [599_999, 1],
      [2, 2],
      [599_999, 2],
      [2, 3],
    ] as const) {
      await vi.advanceTimersByTimeAsync(ms);
      await keeper.ensure();
      expect(start).toHaveBeenCalledTimes(starts);
    }
    expect(keeper.lastError()).toBeNull(); // the third one came up
    expect(lines.filter((line) => line.includes('main.go:1: no'))).toHaveLength(1);
  });

  test('reports why the build failed, and logs the error once while no call arrives', async () => {
    const { keeper, next, lines } = rig();
    next.push(() => Promise.reject(new AppError('bridge_unavailable', 'There is no wa-bridge here.')));
    await keeper.ensure();
    expect(keeper.lastError()).toBe('There is no wa-bridge here.');
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(lines.filter((line) => line.includes('does not run'))).toHaveLength(1);
  });

  test('ends what it started when the server ends, and starts nothing afterwards', async () => {
    const { keeper, start, started } = rig();
    await keeper.ensure();
    await keeper.close();
    await expect(started[0]?.ended).resolves.toMatchObject({ code: 0 });
    await vi.advanceTimersByTimeAsync(120_000);
    await keeper.ensure();
    expect(start).toHaveBeenCalledTimes(1);
  });

  test('stops a daemon that starts while the server stops', async () => {
    const { keeper, next } = rig();
    const made = fakeProcess();
    let up: (value: BridgeProcess) => void = () => {};
    next.push(() => new Promise((resolve) => (up = resolve)));
    void keeper.ensure();
    await vi.advanceTimersByTimeAsync(0);
    const closed = keeper.close();
    up(made);
    await closed;
    await expect(made.ended).resolves.toMatchObject({ code: 0 });
  });
});

describe('A bridge that is kept', () => {
  test('has its program started before it is asked or connected', async () => {
    for (const use of ['probe', 'connect'] as const) {
      const { keeper, start } = rig();
      const bridge = supervised(fakeBridge('whatsmeow', 'ready'), keeper);
      expect(start).not.toHaveBeenCalled();
      await bridge[use]?.();
      expect(start).toHaveBeenCalledTimes(1);
      await bridge.close();
    }
  });

  test('reports why its daemon does not run, unless another one answers', async () => {
    const { keeper, next } = rig();
    next.push(() => Promise.reject(new AppError('bridge_unavailable', 'There is no wa-bridge here.')));
    const inner = fakeBridge('whatsmeow', 'not_configured');
    const bridge = supervised(inner, keeper);
    await bridge.connect();
    expect(bridge.status()).toMatchObject({ state: 'down', message: 'There is no wa-bridge here.' });
    expect(await bridge.waitFor(['not_configured'], 1)).toMatchObject({ state: 'down' });
    inner.become('ready');
    expect(bridge.status()).toMatchObject({ state: 'ready', message: null });
  });
});
