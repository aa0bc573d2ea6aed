import { fedStoreOf, rememberInStaging } from '../store/opening/fed-store.ts';
import type { Db } from '../store/sqlite/database.ts';
import {
  addFoundDuplicates,
  deleteCopied,
  deleteCopiedChanges,
  forgetCounted,
  freezeLane,
  settleLane,
} from '../store/staging/cleanup.ts';
import { copyAccount, type Lane, laneState, openStaging, type Staging } from '../store/staging/staging.ts';
import { factApplier } from '../store/transfer/apply-facts.ts';
import { changeCopier } from '../store/transfer/copy-changes.ts';
import { completeCheckpoints, rowCopier } from '../store/transfer/copy-pass.ts';
import { claimHistory, releaseHistory } from '../store/transfer/history-source.ts';
import { type Watermark, type WatermarkStore, watermarkStore } from '../store/transfer/watermark.ts';
import { openFollowMerges } from '../store/write/merge.ts';
import { openRedecision } from '../store/write/redecide.ts';
import { openFollowSeparations } from '../store/write/unmerge.ts';
import { onDisk, writeBack } from './durable.ts';
import type { Progress, TransferResult } from './sync.ts';
import { createWriteThrottle, type WriteThrottle } from './write-throttle.ts';

/** Named points of a transfer where tests end the process. */
export type TransferPoint = 'begun' | 'written' | 'committed' | 'copied' | 'durable' | 'deleting';

export interface TransferHooks {
  signal?: AbortSignal;
  progress?: Progress;
  onCounts?: (soFar: TransferResult) => void;
  at?: (point: TransferPoint) => void;
  /** Whether all history has arrived, so that the checkpoints of chats are complete. */
  isHistoryComplete?: (staging: Staging) => boolean;
  /** Whether more history is expected. */
  isHistoryArriving?: (staging: Staging) => boolean;
  /** Kept between transfers, so that the next one yields at once to a writer that the last one saw. */
  throttle?: WriteThrottle;
}

const factsPerTransaction = 500;
const deletesPerTransaction = 1000;

interface Run {
  db: Db;
  staging: Staging;
  lane: Lane;
  marks: WatermarkStore;
  hooks: TransferHooks;
  throttle: WriteThrottle;
  isArriving(): boolean;
  /** Call between two transactions; rejects when the call was cancelled. */
  yieldLock(): Promise<void>;
}

/**
 * Copies the staged rows of a lane into messages.db: address pairs, people and chats, then messages chat by chat, then
 * changes. After a stop at any point, by a signal or SIGKILL, the next call resumes there, and its counts include those
 * of the stopped call. Rejects with `cancelled` when the signal aborts.
 */
export async function transfer(
  db: Db,
  stagingPath: string,
  lane: Lane,
  hooks: TransferHooks = {},
): Promise<TransferResult> {
  const staging = openStaging(stagingPath);
  try {
    // Deleted rows are safe in messages.db already, so these commits need not wait for the disk.
    staging.db.pragma('synchronous = NORMAL');
    attach(db, stagingPath);
    const throttle = hooks.throttle ?? createWriteThrottle(db);
    const marks = watermarkStore(db, staging, lane);
    const isArriving = () => hooks.isHistoryArriving?.(staging) ?? false;
    const run = {
      db,
      staging,
      lane,
      marks,
      hooks,
      throttle,
      isArriving,
      yieldLock: () => throttle.yieldLock(hooks.signal),
    };
    const first = await runTransfer(run, false);
    // A resumed pass keeps its original end. Rows staged later need a second pass, because live rows are not requested
    // again.
    const needsSecondPass = (lane === 'live' || first.resumed) && laneState(staging, lane).waiting > 0;
    const second = needsSecondPass ? await runTransfer(run, true) : undefined;
    if (lane === 'history') releaseHistory(db, staging, run.isArriving);
    return resultOf(first, second);
  } finally {
    staging.close();
  }
}

interface PassOutcome {
  /** Whether the pass was begun by an earlier call. */
  resumed: boolean;
  mark: Watermark;
  /** Chats that received rows; undefined when nothing waited. */
  copied: Set<number> | undefined;
  /** Rows that already existed in the target of a merge. */
  moved: number;
}

/** The counters of a second pass continue those of the first. */
function resultOf(first: PassOutcome, second?: PassOutcome): TransferResult {
  const { mark, copied } = second?.copied ? second : first;
  const chats = new Set([...(first.copied ?? []), ...(second?.copied ?? [])]);
  const counts = countsOf(copied ? mark : { synced: 0, duplicates: 0, failed: 0 }, chats.size);
  return { ...counts, duplicates_skipped: counts.duplicates_skipped + first.moved + (second?.moved ?? 0) };
}

const countsOf = (
  { synced, duplicates, failed }: Pick<Watermark, 'synced' | 'duplicates' | 'failed'>,
  chats: number,
): TransferResult => ({
  messages_synced: synced,
  duplicates_skipped: duplicates,
  failed,
  chats_synced: chats,
});

async function runTransfer(run: Run, carry: boolean): Promise<PassOutcome> {
  const { db, staging, lane, marks, hooks } = run;
  const wasKnown = marks.ensure();
  copyAccount(db, staging);
  claimHistory(db, staging, run.isArriving);
  await clean(run);
  await applyFacts(run, !wasKnown);
  const moved = await followMerges(run);
  if (moved > 0) addFoundDuplicates(staging, moved);
  const resumed = isUnderWay(marks.read());
  const copied = await copyRows(run, carry);
  await copyChanges(run);
  const mark = finishPass(run);
  hooks.at?.('copied');
  if (lane === 'history') writeBack(db);
  hooks.at?.('durable');
  await clean(run);
  return { resumed, mark, copied, moved };
}

/** ATTACH takes a plain path; the name remains until the connection closes. */
function attach(db: Db, stagingPath: string): void {
  const names = db.pragma('database_list') as { name: string }[];
  if (!names.some(({ name }) => name === 'staging')) db.prepare('ATTACH ? AS staging').run(stagingPath);
}

async function applyFacts({ db, staging, lane, marks, yieldLock }: Run, isFirst: boolean): Promise<void> {
  const facts = factApplier(db, staging, lane, () => marks.lock(), isFirst);
  while (facts.step(factsPerTransaction)) await yieldLock();
}

/** Returns how many rows already existed in the remaining chat. */
async function followMerges({ db, throttle, yieldLock }: Run): Promise<number> {
  const separate = openFollowSeparations(db);
  while (separate(throttle.rows())) await yieldLock();
  const follow = openFollowMerges(db);
  let duplicates = 0;
  for (let step = follow(throttle.rows()); step; step = follow(throttle.rows())) {
    duplicates += step.duplicates;
    await yieldLock();
  }
  return duplicates;
}

/**
 * Copies messages until the pass ends; returns the chats that received some, or undefined when nothing waited. Another
 * process may copy the same pass, so each transaction continues from the mark that it reads under the lock.
 */
async function copyRows(run: Run, carry: boolean): Promise<Set<number> | undefined> {
  const { db, staging, lane, marks, hooks } = run;
  const { waiting } = laneState(staging, lane);
  if (waiting === 0 && marks.read().pass_upto === null) return undefined;
  const rows = rowCopier(db, staging, lane);
  const mark = beginPass(run, freezeLane(staging, lane), carry);
  hooks.at?.('begun');
  const chats = mark.synced > 0 ? rows.chatsBefore(mark) : new Set<number>();
  let done = Math.min(waiting, mark.synced + mark.duplicates + mark.failed);
  let latest: Watermark = mark;
  const step = db.transaction((): number => {
    const current = marks.lock();
    const most = run.throttle.rows();
    let taken = 0;
    while (isUnderWay(current) && taken < most) {
      const outcome = rows.copyNext(current, most - taken);
      if (!outcome) break;
      taken += outcome.rows;
      if (outcome.inserted > 0) chats.add(outcome.chatId);
    }
    if (taken > 0) marks.write(current);
    latest = current;
    hooks.at?.('written');
    return taken;
  });
  for (let taken = step(); taken > 0; taken = step()) {
    hooks.at?.('committed');
    done = Math.min(waiting, done + taken);
    hooks.progress?.(done, waiting, 'Copying messages');
    hooks.onCounts?.(countsOf(latest, chats.size));
    await run.yieldLock();
  }
  return chats;
}

type PassMark = Watermark & { pass_upto: number };
const isUnderWay = (mark: Watermark): mark is PassMark => mark.pass_upto !== null;

/**
 * Starts a pass over everything up to `upto`, or resumes the interrupted one. `carry` keeps the counters, so that a
 * call killed in its second pass still adds its work to the next call's count.
 */
function beginPass({ db, staging, marks }: Run, upto: number, carry: boolean): PassMark {
  if (!carry && !isUnderWay(marks.read())) forgetCounted(staging);
  return db.transaction((): PassMark => {
    const mark = marks.lock();
    if (isUnderWay(mark)) return mark;
    const cursor = { pass_chat: null, pass_timestamp: null, pass_id: null };
    const begun = { ...mark, ...cursor, pass_upto: upto, ...(carry ? {} : { synced: 0, duplicates: 0, failed: 0 }) };
    marks.write(begun);
    return begun;
  })();
}

async function copyChanges({ db, staging, lane, marks, yieldLock }: Run): Promise<void> {
  const copy = changeCopier(db, staging, lane);
  const step = db.transaction((): number => {
    const mark = marks.lock();
    const taken = copy(mark, factsPerTransaction);
    if (taken > 0) marks.write(mark);
    return taken;
  });
  while (step() > 0) await yieldLock();
}

/**
 * Moves the mark past the pass. This commit and all earlier ones reach the disk before it returns; only then may staged
 * rows be deleted.
 */
function finishPass({ db, staging, lane, marks, hooks }: Run): Watermark {
  const complete = lane === 'history' && (hooks.isHistoryComplete?.(staging) ?? false);
  return onDisk(db, (): Watermark => {
    const mark = marks.lock();
    const cursor = { pass_upto: null, pass_chat: null, pass_timestamp: null, pass_id: null };
    const last_seq = Math.max(mark.last_seq, mark.pass_upto ?? 0);
    const finished = { ...mark, ...cursor, last_seq };
    marks.write(finished);
    if (complete) completeCheckpoints(db);
    openRedecision(db).expire(factsPerTransaction);
    return finished;
  });
}

/** Records which file received the rows and how far it is filled on disk, before staging.db deletes them. */
function rememberStore(db: Db, staging: Staging, marks: WatermarkStore): void {
  const store = onDisk(db, () => {
    marks.lock();
    return fedStoreOf(db);
  });
  if (store) rememberInStaging(staging, store);
}

/** Recounts the waiting rows of a lane from messages.db, because a killed copy may have left the count outdated. */
export function recountStaged(db: Db, staging: Staging, lane: Lane): void {
  const marks = watermarkStore(db, staging, lane);
  if (marks.ensure()) recount({ db, staging, lane, marks });
}

function recount({ db, staging, lane, marks }: Pick<Run, 'db' | 'staging' | 'lane' | 'marks'>): Watermark {
  const mark = marks.read();
  if (laneState(staging, lane).counted_upto < mark.last_seq) rememberStore(db, staging, marks);
  settleLane(staging, lane, mark.last_seq, mark.duplicates);
  return mark;
}

/** Deletes copied rows. Cannot be cancelled, because the counts of a finished copy would be lost with the call. */
async function clean(run: Run): Promise<void> {
  const { staging, lane, hooks, throttle } = run;
  const mark = recount(run);
  if (laneState(staging, lane).cleaned_upto < mark.last_seq) {
    for (const _ of deleteCopied(staging, lane, mark.last_seq, deletesPerTransaction)) {
      hooks.at?.('deleting');
      await throttle.yieldLock();
    }
  }
  for (const _ of deleteCopiedChanges(staging, lane, mark.last_change_seq, deletesPerTransaction))
    await throttle.yieldLock();
}
