import type { ProgressToken } from '@modelcontextprotocol/sdk/types.js';

export interface ProgressParams extends Record<string, unknown> {
  progressToken: ProgressToken;
  progress: number;
  total?: number;
  message?: string;
}

type Send = (params: ProgressParams) => void;

/** Clients give up on a call they hear nothing of: some after 30 s, none before 15. */
const silenceMs = 10_000;
/** Standing still is shown as this much: the protocol wants a number that grows with every notification. */
const step = 0.001;

/** Reports the progress of one call; while nothing is reported, repeats the last word of it. Stop it when the call ends. */
export function createProgress(token: ProgressToken, send: Send) {
  let last = { done: 0, of: null as number | null, text: 'working' };
  let shown = 0;
  let before = 0; // where the phases before this one ended
  const heartbeat = setInterval(() => report(last.done, last.of, last.text), silenceMs);

  function report(done: number, of: number | null, text: string): void {
    const isNextPhase = of !== last.of && last.of !== null && before + done <= shown;
    if (isNextPhase) before = Math.ceil(shown);
    last = { done, of, text };
    shown = Math.max(before + done, Math.round((shown + step) / step) * step);
    const total = of === null ? {} : { total: before + of };
    heartbeat.refresh();
    send({ progressToken: token, progress: Number(shown.toFixed(3)), message: text, ...total });
  }

  return { report, stop: () => clearInterval(heartbeat) };
}
