import { Transform, type TransformCallback } from 'node:stream';
import { ErrorCode, type JSONRPCErrorResponse, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../domain/errors.ts';
import { nobody } from './authorship.ts';
import { toResult } from './result.ts';
import { failedOutcome } from './run.ts';
import { type Excess, excess } from './weight.ts';

const newline = 10;
export const lineLimit = 10 * 1024 * 1024;
/** After so many lines what they asked is begun, and after so long input, signals and timers have a turn. */
const linesAtOnce = 32;
const busyMs = 150;

const parseError = { code: ErrorCode.ParseError, message: 'Parse error: the line is no JSON' };
const invalidRequest = {
  code: ErrorCode.InvalidRequest,
  message: 'Invalid request: the JSON is no JSON-RPC 2.0 message',
};
const tooLong = {
  code: ErrorCode.InvalidRequest,
  message: `Invalid request: the line is longer than ${lineLimit} bytes; pass file paths`,
};

type Refusal = typeof parseError;

/** Where answers go, and whether so many wait there to be read that no more may be asked. */
export interface Answers {
  write(line: string): unknown;
  isFull(): boolean;
  /** Calls back once, when there is room again. */
  onceFree(listener: () => void): void;
}

/**
 * Lets through whole lines that are JSON-RPC messages and answers every other line itself, so that one bad line never
 * ends the session. Holds at most `limit` bytes: the rest of a longer line is thrown away as it comes. Takes no line while
 * nobody reads the answers.
 */
export class LineFilter extends Transform {
  private parts: Buffer[] = [];
  private length = 0;
  private skipping = false;
  private lines = 0;
  private since = 0;
  private readonly answers: Answers;
  private readonly limit: number;

  constructor(answers: Answers, limit = lineLimit) {
    super();
    this.answers = answers;
    this.limit = limit;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.passOn(chunk, 0, done);
  }

  /** A last line without an end is a line too. */
  override _flush(done: TransformCallback): void {
    this.endLine();
    done();
  }

  /** Passes on the lines that end in this chunk, with rests in between. */
  private passOn(chunk: Buffer, from: number, done: TransformCallback): void {
    let start = from;
    for (let end = chunk.indexOf(newline, start); end !== -1; end = chunk.indexOf(newline, start)) {
      this.collect(chunk.subarray(start, end));
      this.endLine();
      start = end + 1;
      if (++this.lines % linesAtOnce === 0) {
        this.rest(() => this.passOn(chunk, start, done));
        return;
      }
    }
    this.collect(chunk.subarray(start));
    done();
  }

  /** Goes on when what the last lines asked has been begun, and there is room for the answers. */
  private rest(goOn: () => void): void {
    if (performance.now() - this.since > busyMs) {
      setImmediate(() => {
        this.since = performance.now();
        this.answers.isFull() ? this.answers.onceFree(goOn) : goOn();
      });
      return;
    }
    // A tick comes after everything that is ready to go on, as are the answers to what needs no time.
    queueMicrotask(() => process.nextTick(() => (this.answers.isFull() ? this.answers.onceFree(goOn) : goOn())));
  }

  private collect(part: Buffer): void {
    if (this.skipping || part.length === 0) return;
    this.length += part.length;
    if (this.length <= this.limit) {
      this.parts.push(part);
      return;
    }
    this.skipping = true;
    this.parts = [];
    this.refuse(tooLong);
  }

  private endLine(): void {
    const line = this.parts.length === 1 ? this.parts[0] : Buffer.concat(this.parts);
    const skipped = this.skipping;
    this.parts = [];
    this.length = 0;
    this.skipping = false;
    if (skipped || line === undefined) return;
    const much = excess(line);
    if (much) {
      this.answers.write(answerTo(much));
      return;
    }
    const text = line
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim();
    if (text === '') return;
    const refusal = judge(text);
    if (refusal) this.refuse(refusal);
    else this.push(`${text}\n`);
  }

  private refuse(error: Refusal): void {
    this.answers.write(errorLine(null, error));
  }
}

function errorLine(id: string | number | null, error: Refusal): string {
  const response: Omit<JSONRPCErrorResponse, 'id'> & { id: typeof id } = { jsonrpc: '2.0', id, error };
  return `${JSON.stringify(response)}\n`;
}

function judge(line: string): Refusal | undefined {
  try {
    return JSONRPCMessageSchema.safeParse(JSON.parse(line)).success ? undefined : invalidRequest;
  } catch {
    return parseError;
  }
}

/** The answer to a message that is too much to be looked at: to the call or the request that it is, as far as that shows. */
function answerTo({ reason, outline }: Excess): string {
  const { id, method } = requestIn(outline);
  if (method === 'tools/call') {
    const error = new AppError('invalid_input', `The call is too large: ${reason}.`);
    return `${JSON.stringify({ result: toResult(failedOutcome(error), nobody), jsonrpc: '2.0', id })}\n`;
  }
  const code = method === undefined ? ErrorCode.InvalidRequest : ErrorCode.InvalidParams;
  return errorLine(id ?? null, { code, message: `Invalid request: the message is too large: ${reason}` });
}

function requestIn(outline: string | undefined): { id?: string | number; method?: string } {
  try {
    const { id, method } = JSON.parse(outline ?? '');
    const isRequest = (typeof id === 'string' || Number.isInteger(id)) && typeof method === 'string';
    return isRequest ? { id, method } : {};
  } catch {
    return {};
  }
}
