import type { BridgeId } from '../../bridges/bridge.ts';
import { AppError } from '../domain/errors.ts';
import type { HistoryProgress } from '../domain/history.ts';
import type { HistoryStatus } from '../domain/states.ts';
import type { BridgeHealth } from '../router/health.ts';
import type { CopyResult, HistoryReader, Progress, Sync } from './sync.ts';
import { waitLimitMs } from './wait-limit.ts';

/** The part of a tool's context that the history workflows need. */
export interface HistoryContext {
  call(operation: 'history.full', input: Record<string, never>): Promise<{ served_by: BridgeId }>;
  bridges: Pick<BridgeHealth, 'assertSameAccount'>;
  history: HistoryReader;
  signal: AbortSignal;
  /** True when the client shows progress and waits for as long as progress arrives. */
  hasProgress: boolean;
  progress: Progress;
}

export interface HistoryResult {
  status: HistoryStatus;
  messages_synced: number;
  chats_synced: number;
  sync_duration_seconds: number;
  progress_percent: number;
  message: string;
  served_by: BridgeId;
}

const pollMs = 200;
const heartbeatMs = 10_000;
const defaultTimeoutMs = 300_000;
/** How long to ignore a failure from before the call, because failed parts are being retried. */
const graceMs: Partial<Record<HistoryStatus, number>> = { failed: 10_000, stalled: 30_000 };

/**
 * Receives the full history and waits for it; `timeout` in seconds. Returns at once for a complete account. Rejects
 * with `history_sync_timeout` when an explicit timeout passes; without one, returns the counts so far. Rejects with
 * `history_sync_failed` when parts could not be downloaded or nothing more arrives, with `cancelled` on abort, with
 * `account_mismatch` while the bridges are linked to different accounts.
 */
export async function retrieveFullHistory(
  context: HistoryContext,
  args: { wait_for_completion: boolean; timeout?: number | undefined },
): Promise<HistoryResult> {
  await context.bridges.assertSameAccount();
  const before = context.history.progress();
  // Only Baileys supplies history: see the route of history.full.
  if (isDone(before)) return toResult(before, 'baileys');
  const { served_by } = await context.call('history.full', {});
  if (!args.wait_for_completion) return toResult(context.history.progress(), served_by);
  return toResult(await waitForHistory(context, args.timeout), served_by);
}

/**
 * Copies the staged history into messages.db. Returns when its rows are searchable, or with `in_progress` when the
 * client shows no progress and the copy takes longer than a client waits. Rejects like Sync.transfer, and with
 * `account_mismatch`.
 */
export async function syncHistoryToDatabase(
  context: Pick<HistoryContext, 'signal' | 'progress' | 'hasProgress' | 'history' | 'bridges'> & {
    sync: Pick<Sync, 'copyHistory'>;
  },
): Promise<CopyResult & { sync_duration_seconds: number; message: string }> {
  await context.bridges.assertSameAccount();
  const begun = performance.now();
  const { signal, progress } = context;
  const limitMs = waitLimitMs(context, { watchedMs: Number.POSITIVE_INFINITY });
  const result = await context.sync.copyHistory({ signal, progress, limitMs });
  const parts = [
    `Copied ${result.messages_synced} messages into the database${result.status === 'in_progress' ? ' so far' : ''}`,
    result.status === 'in_progress' ? 'the copy goes on: call sync_history_to_database again to wait for its end' : '',
    result.duplicates_skipped > 0 ? `${result.duplicates_skipped} were there already` : '',
    result.failed > 0 ? `${result.failed} could not be stored and were set aside` : '',
    context.history.progress().syncing ? 'more history is still arriving: call this again later' : '',
  ];
  return {
    ...result,
    sync_duration_seconds: Math.round(performance.now() - begun) / 1000,
    message: `${parts.filter((part) => part !== '').join('; ')}.`,
  };
}

async function waitForHistory(context: HistoryContext, timeout: number | undefined): Promise<HistoryProgress> {
  const begun = Date.now();
  const limitMs = waitLimitMs(context, { timeout, watchedMs: defaultTimeoutMs });
  let reported = { messages: -1, at: 0 };
  for (;;) {
    const progress = context.history.progress();
    const now = Date.now();
    if (isDone(progress)) return progress;
    if (now - begun > (graceMs[progress.status] ?? 0)) refuseStandstill(progress);
    if (now - begun >= limitMs) {
      if (timeout === undefined) return progress;
      throw new AppError('history_sync_timeout', `The history had not arrived after ${timeout} seconds.`, {
        details: figures(progress),
      });
    }
    if (progress.messagesSynced !== reported.messages || now - reported.at >= heartbeatMs) {
      context.progress(progress.progressPercent, 100, `Received ${progress.messagesSynced} messages`);
      reported = { messages: progress.messagesSynced, at: now };
    }
    await rest(context.signal);
  }
}

const isDone = (progress: HistoryProgress): boolean =>
  (progress.status === 'completed' || progress.status === 'completed_recent') && !progress.syncing;

function refuseStandstill(progress: HistoryProgress): void {
  const reasons: Partial<Record<HistoryStatus, string>> = {
    failed: 'A part of the history could not be downloaded.',
    stalled: 'Nothing arrived for five minutes; the phone may be offline.',
  };
  const reason = reasons[progress.status];
  if (reason) throw new AppError('history_sync_failed', reason, { details: figures(progress) });
}

function rest(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new AppError('cancelled', 'Waiting was stopped; the history goes on arriving.'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, pollMs);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

const figures = (progress: HistoryProgress) => ({
  status: progress.status,
  messages_synced: progress.messagesSynced,
  chats_synced: progress.chatsSynced,
  progress_percent: progress.progressPercent,
});

const endings: Record<HistoryStatus, string> = {
  not_started: 'No history has arrived yet. Call get_baileys_sync_status to see when it does.',
  in_progress: 'The history is still arriving. Call get_baileys_sync_status, or this tool again to wait for it.',
  completed: 'The full history has arrived. Call sync_history_to_database to make it searchable.',
  completed_recent: 'The phone sent recent history only. Call sync_history_to_database to make it searchable.',
  stalled: 'Nothing arrived for five minutes. Check that the phone is online, then call this tool again.',
  failed: 'A part of the history could not be downloaded. Call this tool again to retry it.',
};

/** A new link is named last and with its cost: it removes this device, and what the phone then sends may be less. */
function missing({ missingParts, syncing }: HistoryProgress): string {
  if (missingParts === 0 || syncing) return '';
  const parts = missingParts === 1 ? 'One part of it' : `${missingParts} parts of it`;
  return (
    ` ${parts} never arrived, so some messages may be missing; all that arrived is kept. The phone sends its history only` +
    ' to a new link. Make one as a last resort, after a backup: it takes as long as the first, and the phone decides how' +
    ' much it sends.'
  );
}

function toResult(progress: HistoryProgress, servedBy: BridgeId): HistoryResult {
  const until = progress.completedAt ?? progress.lastChunkAt ?? progress.startedAt ?? 0;
  return {
    ...figures(progress),
    sync_duration_seconds: Math.max(0, until - (progress.startedAt ?? until)) / 1000,
    message: `Received ${progress.messagesSynced} messages. ${endings[progress.status]}${missing(progress)}`,
    served_by: servedBy,
  };
}
