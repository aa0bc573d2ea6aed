import { laneState, type Staging } from '../store/staging.ts';
import { chunkStore } from '../store/staging-chunks.ts';
import { historyProgress } from './history-progress.ts';
import type { HistoryReader } from './sync.ts';

/** What staging.db says about the history at this moment; `quietMs` and `now` in milliseconds. */
export function createHistoryReader(staging: Staging, options: { quietMs: number; now?: () => number }): HistoryReader {
  const chunks = chunkStore(staging);
  const now = options.now ?? Date.now;
  const time = (key: string) => {
    const value = staging.readMeta(key);
    return value === undefined ? null : Number(value);
  };
  return {
    progress: () => {
      const times = { linkedAt: time('linked_at'), resumedAt: time('resumed_at') };
      return historyProgress({ chunks: chunks.list(), figures: chunks.figures(), ...times }, now(), options.quietMs);
    },
    pendingRows: () => laneState(staging, 'history').waiting,
  };
}
