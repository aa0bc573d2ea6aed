import type { Config } from './config.ts';

/** Everything that runs, built from a Config. Both the MCP server and the command line call tools through `runTool`. */
export interface App {
  config: Config;
  runTool(name: string, args: unknown, options?: RunOptions): Promise<ToolOutcome>;
  close(): Promise<void>;
}

export interface RunOptions {
  signal?: AbortSignal;
  /** Given when somebody shows progress; waiting tools then wait for as long as asked. */
  progress?: (done: number, total: number | null, message: string) => void;
}

/** A success carries `value` with `success: true`; a failure carries the whole error body. Never throws. */
export type ToolOutcome =
  | { ok: true; value: Record<string, unknown> & { success: true }; summary: string }
  | { ok: false; error: ToolError };

export interface ToolError {
  success: false;
  error_code: string;
  message: string;
  hint: string;
  retryable: boolean;
  details?: Record<string, unknown>;
}
