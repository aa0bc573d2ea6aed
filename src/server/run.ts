import type { OperationName } from '../../bridges/operations/catalog.ts';
import { AppError, type ErrorCode } from '../domain/errors.ts';
import type { Logger } from '../log.ts';
import { asStoreFailure } from '../store/files/failure.ts';
import type { AnyTool, Image, ToolContext } from '../tools/define.ts';
import { parseArguments, quoted } from './arguments.ts';

export interface RunOptions {
  signal?: AbortSignal;
  /** Given when somebody shows progress; waiting tools then wait for as long as asked. */
  progress?: (done: number, total: number | null, message: string) => void;
}

/** A success carries `value` with `success: true`; a failure carries the whole error body. */
export type ToolOutcome =
  | { ok: true; value: Record<string, unknown> & { success: true }; summary: string; image?: Image }
  | ToolFailure;

export interface ToolFailure {
  ok: false;
  error: ToolError;
}

export interface ToolError {
  success: false;
  error_code: ErrorCode;
  message: string;
  hint: string;
  retryable: boolean;
  details?: Record<string, unknown>;
}

export type AnyContext = ToolContext<OperationName>;
export type RunTool = (name: string, args: unknown, options?: RunOptions) => Promise<ToolOutcome>;

export interface Runner {
  catalog: readonly AnyTool[];
  /** What one call works with; asked for after its arguments were found right. */
  context(options: RunOptions): AnyContext;
  log: Pick<Logger, 'error'>;
}

/** The one path to a tool, of server and command line alike: parse, run, parse the result, error boundary. Never throws. */
export function createRunTool({ catalog, context, log }: Runner): RunTool {
  const byName = new Map(catalog.map((tool) => [tool.name, tool]));
  return async (name, args, options = {}) => {
    try {
      const tool = byName.get(name);
      if (!tool) throw unknownTool(name, [...byName.keys()]);
      const input = parseArguments(tool, args);
      options.signal?.throwIfAborted();
      const output = tool.output.parse(await tool.run(input, context(options)));
      const image = await tool.image?.(output);
      return { ok: true, value: { success: true, ...output }, summary: tool.summary(output), ...(image && { image }) };
    } catch (error) {
      const known = options.signal?.aborted ? cancelled(error) : error;
      if (!(known instanceof AppError) || known.code === 'internal')
        log.error({ tool: name, err: error }, 'tool failed');
      return failedOutcome(known);
    }
  };
}

/** The failure that a caller sees; of an error that is not ours it sees nothing but that there was one. */
export function failedOutcome(error: unknown): ToolFailure {
  const { code, message, hint, retryable, details } =
    asStoreFailure(error) ?? new AppError('internal', 'An unexpected error; the log on stderr has it.');
  const body: ToolError = { success: false, error_code: code, message, hint, retryable };
  return { ok: false, error: details === undefined ? body : { ...body, details } };
}

function cancelled(cause: unknown): AppError {
  return cause instanceof AppError ? cause : new AppError('cancelled', 'The call was cancelled.', { cause });
}

const longestName = 100;

function unknownTool(name: string, names: readonly string[]): AppError {
  const words = name
    .slice(0, longestName)
    .toLowerCase()
    .split(/[^a-z]+/);
  const alike = names.filter((known) => known.split('_').some((word) => word.length > 3 && words.includes(word)));
  const message = `There is no tool ${quoted(name)}. ${alike.length > 0 ? 'Close to it' : 'There are'}: ${(alike.length > 0 ? alike : names).join(', ')}.`;
  return new AppError('not_found', message);
}
