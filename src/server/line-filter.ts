import { Transform, type TransformCallback } from 'node:stream';
import { type JSONRPCErrorResponse, JSONRPCMessageSchema } from '@modelcontextprotocol/sdk/types.js';

const newline = 10;
export const lineLimit = 10 * 1024 * 1024;

const parseError = { code: -32700, message: 'Parse error: the line is no JSON' };
const invalidRequest = { code: -32600, message: 'Invalid request: the JSON is no JSON-RPC 2.0 message' };
const tooLong = {
  code: -32600,
  message: `Invalid request: the line is longer than ${lineLimit} bytes; pass file paths`,
};

type Refusal = typeof parseError;

/**
 * Lets through whole lines that are JSON-RPC messages and answers every other line itself, so that one bad line never
 * ends the session. Holds at most `limit` bytes: the rest of a longer line is thrown away as it comes.
 */
export class LineFilter extends Transform {
  private parts: Buffer[] = [];
  private length = 0;
  private skipping = false;
  private readonly answer: (line: string) => void;
  private readonly limit: number;

  constructor(answer: (line: string) => void, limit = lineLimit) {
    super();
    this.answer = answer;
    this.limit = limit;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      this.collect(chunk.subarray(start, end));
      this.endLine();
      start = end + 1;
    }
    this.collect(chunk.subarray(start));
    done();
  }

  /** A last line without an end is a line too. */
  override _flush(done: TransformCallback): void {
    this.endLine();
    done();
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
    const line = Buffer.concat(this.parts)
      .toString('utf8')
      .replace(/^\uFEFF/, '')
      .trim();
    const skipped = this.skipping;
    this.parts = [];
    this.length = 0;
    this.skipping = false;
    if (skipped || line === '') return;
    const refusal = judge(line);
    if (refusal) this.refuse(refusal);
    else this.push(`${line}\n`);
  }

  private refuse(error: Refusal): void {
    const response: Omit<JSONRPCErrorResponse, 'id'> & { id: null } = { jsonrpc: '2.0', id: null, error };
    this.answer(`${JSON.stringify(response)}\n`);
  }
}

function judge(line: string): Refusal | undefined {
  try {
    return JSONRPCMessageSchema.safeParse(JSON.parse(line)).success ? undefined : invalidRequest;
  } catch {
    return parseError;
  }
}
