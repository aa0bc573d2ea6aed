import { type ChunkStore, chunkStore } from '../store/staging/chunks.ts';
import { laneState } from '../store/staging/staging.ts';
import type { StagingView } from '../store/staging/view.ts';
import { historyProgress } from './history-progress.ts';
import type { HistoryReader } from './sync.ts';

interface ReaderOptions {
  quietMs: number;
  now?: () => number;
}

/**
 * Reads the state of the history from staging.db; `quietMs` and `now` in milliseconds. Each call asks `source`, which
 * throws when the file cannot be read and returns undefined when there is none; then nothing is waiting.
 */
export function createHistoryReader(source: () => StagingView | undefined, options: ReaderOptions): HistoryReader {
  const now = options.now ?? Date.now;
  let known: { view: StagingView; chunks: ChunkStore } | undefined;
  const chunksOf = (view: StagingView): ChunkStore => {
    if (known?.view !== view) known = { view, chunks: chunkStore(view) };
    return known.chunks;
  };
  const time = (view: StagingView | undefined, key: string) => {
    const value = view?.readMeta(key);
    return value === undefined ? null : Number(value);
  };
  return {
    progress: () => {
      const view = source();
      const chunks = view && chunksOf(view);
      const times = { linkedAt: time(view, 'linked_at'), resumedAt: time(view, 'resumed_at') };
      const figures = chunks?.figures() ?? { messages: 0, chats: 0 };
      return historyProgress({ chunks: chunks?.list() ?? [], figures, ...times }, now(), options.quietMs);
    },
    pendingRows: () => {
      const view = source();
      return view ? laneState(view, 'history').waiting : 0;
    },
  };
}
