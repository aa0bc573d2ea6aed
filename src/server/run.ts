import type { OperationName } from '../../bridges/operations/catalog.ts';
import { AppError, type ErrorCode } from '../domain/errors.ts';
import type { Clock } from '../domain/time/moment.ts';
import type { Zone } from '../domain/time/zone.ts';
import type { Logger } from '../log.ts';
import { asStoreFailure } from '../store/files/failure.ts';
import type { AnyTool, Image, ToolContext } from '../tools/define.ts';
import { type Entries, fitList } from '../tools/result/entries.ts';
import { inZone } from '../tools/result/times.ts';
import { parseArguments, quoted } from './arguments/parse.ts';
import { stepWithout } from './withheld.ts';

export interface RunOptions {
  signal?: AbortSignal;
  /** Given when the client asked for progress; waiting tools then wait for as long as asked. */
  progress?: (done: number, total: number | null, message: string) => void;
}

/** A success carries `value` with `success: true`; a failure carries the whole error body. */
export type ToolOutcome = ToolSuccess | ToolFailure;

export interface ToolSuccess {
  ok: true;
  value: Record<string, unknown> & { success: true };
  summary: string;
  image?: Image;
  /** The entries of a list, as clients get them, and the field of `value` that holds them. */
  list?: Entries & { field: string };
}

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

/** The tools that a client may call. */
export interface Offered {
  tools: readonly AnyTool[];
  runTool: RunTool;
}

export interface Runner {
  catalog: readonly AnyTool[];
  /** Tools that the settings leave out: whoever calls one learns why, and no next step sends anybody to one. */
  withheld?: readonly AnyTool[];
  readOnly?: boolean;
  /** What one call works with; asked for after its arguments were found right. */
  context(options: RunOptions): AnyContext;
  /** In whose zone results and errors show times. */
  clock: Clock;
  log: Pick<Logger, 'error'>;
}

/** The one path to a tool, of server and command line alike: parse, run, parse the result, error boundary. Never throws. */
export function createRunTool({ catalog, withheld = [], readOnly = false, context, clock, log }: Runner): RunTool {
  const { zone } = clock();
  const missing = new Set(withheld.map((tool) => tool.name));
  const byName = new Map(catalog.map((tool) => [tool.name, tool]));
  return async (name, args, options = {}) => {
    try {
      const tool = byName.get(name);
      if (!tool) throw withheldTool(name, withheld, readOnly) ?? unknownTool(name, [...byName.keys()]);
      const input = parseArguments(tool, args);
      options.signal?.throwIfAborted();
      const answer = await tool.run(input, context(options));
      return await succeeded(tool, answer, { missing, zone });
    } catch (error) {
      const known = options.signal?.aborted ? cancelled(error) : error;
      if (!(known instanceof AppError) || known.code === 'internal')
        log.error({ tool: name, err: error }, 'tool failed');
      return hinted(inZone(failedOutcome(known), zone), missing);
    }
  };
}

/** The result after its schema with its times in the zone, and of a list as much as fits. */
async function succeeded(
  tool: AnyTool,
  answer: Awaited<ReturnType<AnyTool['run']>>,
  { missing, zone }: { missing: ReadonlySet<string>; zone: Zone },
): Promise<ToolSuccess> {
  const { list: field, lines } = tool;
  const whole = inZone(tool.output.parse(answer), zone);
  const { result, entries } =
    field === undefined
      ? { result: whole, entries: undefined }
      : fitList(whole, { field, line: lines?.[field], cursors: answer.cursors });
  const image = await tool.image?.(result);
  return {
    ok: true,
    value: { success: true, ...nextStepIn(result, missing) },
    summary: tool.summary(result),
    ...(image && { image }),
    ...(entries && field !== undefined && { list: { ...entries, field } }),
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

function nextStepIn(output: Record<string, unknown>, missing: ReadonlySet<string>): Record<string, unknown> {
  const step = output['next_step'];
  return typeof step === 'string' ? { ...output, next_step: stepWithout(step, missing) } : output;
}

function hinted(outcome: ToolOutcome, missing: ReadonlySet<string>): ToolOutcome {
  if (outcome.ok) return outcome;
  return { ok: false, error: { ...outcome.error, hint: stepWithout(outcome.error.hint, missing) } };
}

function withheldTool(name: string, withheld: readonly AnyTool[], readOnly: boolean): AppError | undefined {
  const tool = withheld.find((one) => one.name === name);
  if (!tool) return undefined;
  if (readOnly && tool.effect !== 'read') return new AppError('read_only', `${name} changes something.`);
  return new AppError('not_permitted', `The settings of this server leave out ${name}.`);
}

const maxName = 100;

function unknownTool(name: string, names: readonly string[]): AppError {
  const words = name
    .slice(0, maxName)
    .toLowerCase()
    .split(/[^a-z]+/);
  const alike = names.filter((known) => known.split('_').some((word) => word.length > 3 && words.includes(word)));
  const message = `There is no tool ${quoted(name)}. ${alike.length > 0 ? 'Close to it' : 'There are'}: ${(alike.length > 0 ? alike : names).join(', ')}.`;
  return new AppError('not_found', message);
}
