import type { BridgeId } from '../../bridges/bridge.ts';
import type { HistoryProgress } from '../domain/history.ts';
import { type BridgeState, bridgeStates, historyStatuses } from '../domain/states.ts';
import type { RunTool, ToolOutcome } from '../server/run.ts';
import { asStoreFailure } from '../store/files/failure.ts';
import type { HistoryReader } from '../sync/sync.ts';
import type { Image } from '../tools/define.ts';

/** One state of the page. Times in seconds. */
export type View =
  | { kind: 'qr'; image: Image; secondsLeft: number }
  | { kind: 'code'; code: string; secondsLeft: number }
  | { kind: 'phone'; number: string; problem?: Problem }
  | { kind: 'connecting'; message: string }
  | { kind: 'history'; percent: number; messages: number; chats: number; trouble?: string }
  | { kind: 'done'; messages: number; waiting: number }
  | { kind: 'problem'; problem: Problem; passing: boolean };

/** An error in the words of the closed tables. */
export interface Problem {
  message: string;
  nextStep?: string;
}

export interface Sources {
  runTool: RunTool;
  history(): HistoryReader;
}

const linkedStates: readonly BridgeState[] = ['syncing', 'ready', 'degraded'];
/** States that may end by themselves. */
const temporaryStates: readonly BridgeState[] = ['down', 'replaced'];

/** The progress of the pairing, and then of the history. */
export async function currentView(bridge: BridgeId, { runTool, history }: Sources): Promise<View> {
  const outcome = await runTool('get_pairing_status', { bridge });
  if (!outcome.ok) return { kind: 'problem', problem: problemOf(outcome), passing: false };
  const { value, image } = outcome;
  const state = value['state'] as BridgeState;
  const message = (value['message'] as string | null) ?? bridgeStates[state];
  const secondsLeft = Number(value['seconds_left'] ?? 0);
  if (state === 'pairing' && image) return { kind: 'qr', image, secondsLeft };
  if (state === 'pairing' && value['code']) return { kind: 'code', code: String(value['code']), secondsLeft };
  if (state === 'pairing' || state === 'connecting') return { kind: 'connecting', message };
  if (linkedStates.includes(state)) return historyOrProblem(history());
  return { kind: 'problem', problem: { message }, passing: temporaryStates.includes(state) };
}

/** An unreadable staging.db becomes a problem on the page and does not end it. */
function historyOrProblem(history: HistoryReader): View {
  try {
    return historyView(history.progress(), history.pendingRows());
  } catch (error) {
    const failure = asStoreFailure(error);
    if (!failure) throw error;
    const problem = { message: failure.message, nextStep: failure.hint };
    return { kind: 'problem', problem, passing: failure.retryable };
  }
}

/** The text of a failed call. */
export function problemOf(outcome: Extract<ToolOutcome, { ok: false }>): Problem {
  return { message: outcome.error.message, nextStep: outcome.error.hint };
}

function historyView(progress: HistoryProgress, waiting: number): View {
  const { status, messagesSynced: messages, chatsSynced: chats, progressPercent: percent } = progress;
  if (status === 'completed' || status === 'completed_recent') return { kind: 'done', messages, waiting };
  const trouble = status === 'stalled' || status === 'failed' ? historyStatuses[status] : undefined;
  return { kind: 'history', percent, messages, chats, ...(trouble !== undefined && { trouble }) };
}
