import type { Config } from './config.ts';
import type { Logger } from './log.ts';
import type { Bridges } from './router/health.ts';
import type { Reader } from './store/reader.ts';
import type { HistoryReader, Sync } from './sync/sync.ts';

/** What the tools work with. Each part is built when it is first read. */
export interface Services {
  readonly bridges: Bridges;
  readonly store: Reader;
  readonly history: HistoryReader;
  readonly sync: Sync;
  /** Ends what was built, bridges first so that nothing arrives for a store that is gone. */
  close(): Promise<void>;
}

export function createServices(_config: Config, _log: Logger): Services {
  throw new Error('being wired');
}
