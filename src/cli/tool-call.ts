import type { App, ToolError, ToolOutcome } from '../app.ts';
import type { Terminal } from './terminal.ts';

/** A tool that a command needed answered with a failure. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';
  readonly error: ToolError;

  constructor(error: ToolError) {
    super(error.message);
    this.error = error;
  }
}

/** The value of a success; throws ToolFailure otherwise. */
export function expectSuccess(outcome: ToolOutcome): Record<string, unknown> {
  if (outcome.ok) return outcome.value;
  throw new ToolFailure(outcome.error);
}

/** Tools as a command uses them: a value or a ToolFailure, and a progress line for those that take their time. */
export interface ToolCalls {
  call(name: string, args?: Record<string, unknown>): Promise<Record<string, unknown>>;
  callWithProgress(name: string, args?: Record<string, unknown>): Promise<Record<string, unknown>>;
}

export function toolCalls(app: Pick<App, 'runTool'>, signal: AbortSignal, terminal: Terminal): ToolCalls {
  return {
    async call(name, args = {}) {
      return expectSuccess(await app.runTool(name, args, { signal }));
    },
    async callWithProgress(name, args = {}) {
      const line = terminal.progress();
      try {
        return expectSuccess(await app.runTool(name, args, { signal, progress: line.update }));
      } finally {
        line.end();
      }
    },
  };
}
