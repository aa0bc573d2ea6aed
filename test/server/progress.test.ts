import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createProgress, type ProgressParams } from '../../src/server/progress.ts';

describe('progress', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('reports with the token, and a total only where there is one', () => {
    const sent: ProgressParams[] = [];
    const { report, stop } = createProgress('token', (params) => sent.push(params));
    report(1, 10, 'one of ten');
    report(2, null, 'nobody knows');
    stop();
    expect(sent).toEqual([
      { progressToken: 'token', progress: 1, total: 10, message: 'one of ten' },
      { progressToken: 'token', progress: 2, message: 'nobody knows' },
    ]);
  });

  it('grows with every report, also when the work does not', () => {
    const sent: number[] = [];
    const { report, stop } = createProgress(1, ({ progress }) => sent.push(progress));
    for (const done of [5, 5, 3, 6]) report(done, 10, '');
    stop();
    expect(sent).toEqual([...new Set(sent)].sort((a, b) => a - b));
    expect(sent).toHaveLength(4);
    expect(sent.at(-1)).toBe(6);
  });

  it('goes on behind a phase that has ended when the next one counts from nothing', () => {
    const sent: [number, unknown][] = [];
    const { report, stop } = createProgress(1, ({ progress, total }) => sent.push([progress, total]));
    report(8000, 8432, 'copying');
    report(8432, 8432, 'copying');
    report(1000, 3432, 'indexing');
    report(3432, 3432, 'indexing');
    stop();
    expect(sent).toEqual([
      [8000, 8432],
      [8432, 8432],
      [9432, 11864],
      [11864, 11864],
    ]);
  });

  it('stays in its phase when more work turns up', () => {
    const sent: [number, unknown][] = [];
    const { report, stop } = createProgress(1, ({ progress, total }) => sent.push([progress, total]));
    report(10, 20, '');
    report(15, 40, '');
    stop();
    expect(sent.at(-1)).toEqual([15, 40]);
  });

  it('shows no traces of adding small numbers', () => {
    const sent: number[] = [];
    const { report, stop } = createProgress(1, ({ progress }) => sent.push(progress));
    for (let count = 0; count < 30; count++) report(73.2, 100, '');
    stop();
    expect(sent.filter((progress) => String(progress).length > 6)).toEqual([]);
    expect(new Set(sent).size).toBe(30);
  });

  it('is heard of at least every 15 seconds while the call runs, and not after it', () => {
    const times: number[] = [0];
    const { report, stop } = createProgress(1, () => times.push(Date.now()));
    times[0] = Date.now();
    vi.advanceTimersByTime(12_000);
    report(1, null, 'a word');
    vi.advanceTimersByTime(40_000);
    const gaps = times.slice(1).map((time, index) => time - times[index]!);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(15_000);
    expect(gaps.length).toBeGreaterThan(4);
    stop();
    const heard = times.length;
    vi.advanceTimersByTime(60_000);
    expect(times).toHaveLength(heard);
  });
});
