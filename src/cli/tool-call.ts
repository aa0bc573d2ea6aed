import type { App, ToolError, ToolOutcome } from '../app.ts';
import type { Terminal } from './terminal.ts';

/** A tool call of a command failed. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';
  readonly error: ToolError;

  constructor(error: ToolError) {
    super(error.message);
    this.error = error;
  }
}

/** The value of a successful call; throws ToolFailure otherwise. */
export function expectSuccess(outcome: ToolOutcome): Record<string, unknown> {
  if (outcome.ok) return outcome.value;
  throw new ToolFailure(outcome.error);
}

/** Tool calls of a command: return a value or throw ToolFailure; slow ones have a progress line. */
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
