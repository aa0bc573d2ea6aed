import type { proto } from '@whiskeysockets/baileys';
import type { World } from './world.ts';

/**
 * One history chunk as the phone would send it. `build` runs when it is sent, so that a million messages are never in
 * memory.
 */
export interface ChunkPlan {
  syncType: proto.HistorySync.HistorySyncType;
  chunkOrder: number;
  /** 0–100 within the sync type. */
  progress: number;
  delivery: 'inline' | 'blob';
  build(): proto.IHistorySync;
}

/** Every sync type at least once; each message of the world in exactly one chunk; at most 5,000 messages in each. */
export type PlanHistory = (world: World) => Iterable<ChunkPlan>;
