import * as z from 'zod';
import { asStoreFailure } from '../../store/files/failure.ts';
import { noticeOf, type StoreNotice } from '../../store/reader.ts';
import type { ToolContext } from '../define.ts';

/** What a local read may still be missing; absent when nothing is. `incomplete` says what could not be asked, and why. */
export const freshnessFields = {
  pending_sync: z.number().int().optional(),
  incomplete: z.string().optional(),
  next_step: z.string().optional(),
};

/** The same of a search, whose index may be behind. */
export const searchFreshnessFields = { index_pending: z.number().int().optional(), ...freshnessFields };

export type Freshness = { pending_sync?: number; index_pending?: number; incomplete?: string; next_step?: string };
type Context = Pick<ToolContext, 'history' | 'store' | 'sync' | 'turn'>;

const indexTimeMs = 250;
const copyStep = 'History is waiting to be copied: call sync_history_to_database, then ask again.';

/** Counts the staged history rows that no read can see yet, and says how to copy them. */
export function freshness({ history, store }: Pick<Context, 'history' | 'store'>): Freshness {
  const { waiting, notice } = stagedRows(history);
  return told([store.notice(), notice], { ...(waiting > 0 && { pending_sync: waiting, next_step: copyStep }) });
}

/** Lets the search index catch up for a moment, and says how many rows it still has to read. */
export async function searchFreshness(context: Context): Promise<Freshness> {
  const behind = context.store.messages.unindexed() === 0 ? 0 : await catchUp(context);
  const { incomplete, next_step, ...fresh } = freshness(context);
  const before = incomplete === undefined ? null : { message: incomplete, next_step: next_step ?? '' };
  const counts = { ...fresh, ...(behind > 0 && { index_pending: behind }) };
  return told([before, context.store.messages.searchNotice()], { ...counts, ...(next_step && { next_step }) });
}

/** A file that cannot be read costs the count alone. */
function stagedRows(history: Context['history']): { waiting: number; notice: StoreNotice | null } {
  try {
    return { waiting: history.pendingRows(), notice: null };
  } catch (error) {
    const failure = asStoreFailure(error);
    if (!failure) throw error;
    const message = `Messages that were received and not copied yet cannot be counted: ${failure.message}`;
    return { waiting: 0, notice: { ...noticeOf(failure), message } };
  }
}

/** Rows that the index has not read; where it cannot be written, searches do without it. */
async function catchUp({ store, sync, turn }: Context): Promise<number> {
  try {
    const behind = await sync.index(indexTimeMs);
    await turn(); // one answer of the worker may let several calls go on
    return behind;
  } catch (error) {
    const failure = asStoreFailure(error);
    if (!failure || failure.code === 'cancelled') throw error;
    store.messages.searchWithout({ ...noticeOf(failure), message: `The search index is behind: ${failure.message}` });
    return store.messages.unindexed();
  }
}

/** The words of all notices, and of the next steps the first one. */
function told(notices: readonly (StoreNotice | null)[], counts: Freshness): Freshness {
  const present = notices.filter((notice) => notice !== null);
  const [first] = present;
  if (!first) return counts;
  const incomplete = present.map(({ message }) => message).join(' ');
  return { ...counts, incomplete, next_step: first.next_step };
}
