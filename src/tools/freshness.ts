import * as z from 'zod';
import type { ToolContext } from './define.ts';

/** What a local read may still be missing; absent when nothing is. */
export const freshnessFields = {
  pending_sync: z.number().int().optional(),
  index_pending: z.number().int().optional(),
  next_step: z.string().optional(),
};

type Freshness = { pending_sync?: number; index_pending?: number; next_step?: string };

const indexTimeMs = 250;

/** Counts the staged history rows that no read can see yet, and says how to copy them. */
export function freshness({ history }: Pick<ToolContext, 'history'>): Freshness {
  const waiting = history.pendingRows();
  if (waiting === 0) return {};
  const next_step = 'History is waiting to be copied: call sync_history_to_database, then ask again.';
  return { pending_sync: waiting, next_step };
}

/** Lets the search index catch up for a moment, and says how many rows it still has to read. */
export async function searchFreshness(
  context: Pick<ToolContext, 'history' | 'store' | 'sync' | 'turn'>,
): Promise<Freshness> {
  if (context.store.messages.unindexed() === 0) return freshness(context);
  const behind = await context.sync.index(indexTimeMs);
  await context.turn(); // one answer of the worker may let several calls go on
  return { ...freshness(context), ...(behind > 0 && { index_pending: behind }) };
}
