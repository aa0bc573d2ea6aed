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

/** Reports the progress of one call; while nothing is reported, repeats the last word of it. Stop it when the call ends. */
export function createProgress(token: ProgressToken, send: Send) {
  let shown = 0;
  let total: number | null = null;
  let message = 'working';
  const say = () => send({ progressToken: token, progress: shown, message, ...(total !== null && { total }) });
  const heartbeat = setInterval(() => report(shown, total, message), silenceMs);

  /** The protocol wants a number that grows with every notification. */
  function report(done: number, of: number | null, text: string): void {
    shown = done > shown ? done : shown + 0.001;
    total = of;
    message = text;
    heartbeat.refresh();
    say();
  }

  return { report, stop: () => clearInterval(heartbeat) };
}
