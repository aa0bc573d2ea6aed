import { Transform, type TransformCallback } from 'node:stream';
import { ErrorCode, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';
import type { Backlog } from './backlog.ts';
import { errorLine, type Head, headOf, type LineError, tooLarge, tooMany } from './refusal.ts';
import { weigh } from './weight.ts';

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

/** What takes time; everything else is answered at once, whatever waits. */
const kept = new Set(['tools/call', 'resources/read', 'prompts/get', 'completion/complete']);

/** Where answers go, and whether so many wait there to be read that no more may be asked. */
export interface Answers {
  write(line: string): unknown;
  isFull(): boolean;
  /** Calls back once, when there is room again. */
  onceFree(listener: () => void): void;
}

/**
 * Lets through whole lines that are JSON-RPC messages and answers every other line itself, so that one bad line never
 * ends the session. Holds at most `limit` bytes of a line: the rest of a longer one is thrown away as it comes. Takes no
 * line while the client does not read the answers. Requests that take time go to the backlog, where there is one, and what cancels
 * them there goes no further.
 */
export class LineFilter extends Transform {
  private parts: Buffer[] = [];
  private length = 0;
  private skipping = false;
  private lines = 0;
  private since = 0;
  private readonly answers: Answers;
  private readonly limit: number;
  private readonly backlog: Backlog | undefined;

  constructor(answers: Answers, { limit = lineLimit, backlog }: { limit?: number; backlog?: Backlog } = {}) {
    super();
    this.answers = answers;
    this.limit = limit;
    this.backlog = backlog;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.passOn(chunk, 0, done);
  }

  /** A last line without an end is a line too; the stream ends after what the backlog has. */
  override _flush(done: TransformCallback): void {
    this.endLine();
    this.backlog ? this.backlog.onceEmpty(done) : done();
  }

  /** Lets a whole line through; false when it is no message and was answered here. */
  pass(line: Buffer): boolean {
    const text = line
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim();
    if (text === '') return false;
    const refusal = judge(text);
    if (refusal) this.refuse(refusal);
    else this.push(`${text}\n`);
    return !refusal;
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
    const { excess, outline } = weigh(line);
    const head = headOf(outline);
    if (excess) this.answers.write(tooLarge(head, excess));
    else if (!this.backlog || !this.keep(line, head, this.backlog)) this.pass(line);
  }

  /** Leaves to the backlog what is its own; false where it is not. */
  private keep(line: Buffer, { id, method }: Head, backlog: Backlog): boolean {
    if (method === undefined) return false;
    if (id === undefined) return method === 'notifications/cancelled' && cancels(line, backlog);
    if (!kept.has(method)) return false;
    if (!backlog.add(line, id)) this.answers.write(tooMany(id, method));
    return true;
  }

  private refuse(error: LineError): void {
    this.answers.write(errorLine(null, error));
  }
}

/** Whether the request that this notification names waits no more because of it. */
function cancels(line: Buffer, backlog: Backlog): boolean {
  const message = parsed(line) as { params?: { requestId?: unknown } | null } | undefined;
  const id = message?.params?.requestId;
  return (typeof id === 'string' || typeof id === 'number') && backlog.cancel(id);
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return undefined;
  }
}

function judge(line: string): LineError | undefined {
  try {
    return JSONRPCMessageSchema.safeParse(JSON.parse(line)).success ? undefined : invalidRequest;
  } catch {
    return parseError;
  }
}
