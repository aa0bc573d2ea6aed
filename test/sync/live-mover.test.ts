import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLiveMover } from '../../src/sync/live-mover.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const nothing = { messages_synced: 0, duplicates_skipped: 0, failed: 0, chats_synced: 0 };

describe('the live mover', () => {
  it('combines many notifications into one copy within a second', async () => {
    const transfer = vi.fn().mockResolvedValue(nothing);
    const mover = createLiveMover({ transfer });
    for (let count = 0; count < 100; count++) mover.notify();
    await vi.advanceTimersByTimeAsync(1000);
    expect(transfer.mock.calls).toEqual([['live']]);
    mover.notify();
    await vi.advanceTimersByTimeAsync(1000);
    expect(transfer).toHaveBeenCalledTimes(2);
  });

  it('copies again when rows were staged during a copy', async () => {
    let finish: (value: typeof nothing) => void = () => {};
    const transfer = vi.fn(
      () =>
        new Promise<typeof nothing>((resolve) => {
          finish = resolve;
        }),
    );
    const mover = createLiveMover({ transfer });
    mover.notify();
    await vi.advanceTimersByTimeAsync(500);
    mover.notify();
    await vi.advanceTimersByTimeAsync(500);
    expect(transfer).toHaveBeenCalledTimes(1);
    finish(nothing);
    await vi.advanceTimersByTimeAsync(500);
    expect(transfer).toHaveBeenCalledTimes(2);
  });

  it('retries a failed copy at growing intervals, and reports it', async () => {
    const transfer = vi.fn().mockRejectedValueOnce(new Error('busy')).mockRejectedValueOnce(new Error('busy'));
    transfer.mockResolvedValue(nothing);
    const onError = vi.fn();
    const mover = createLiveMover({ transfer }, onError);
    mover.notify();
    await vi.advanceTimersByTimeAsync(1200);
    expect(transfer).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(1200);
    expect(transfer).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(1000);
    expect(transfer).toHaveBeenCalledTimes(3);
    expect(onError).toHaveBeenCalledTimes(2);
  });

  it('does nothing once it is closed', async () => {
    const transfer = vi.fn().mockResolvedValue(nothing);
    const mover = createLiveMover({ transfer });
    mover.notify();
    mover.close();
    mover.notify();
    await vi.advanceTimersByTimeAsync(5000);
    expect(transfer).not.toHaveBeenCalled();
  });
});
