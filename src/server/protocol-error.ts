import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import { failedOutcome, type ToolError } from './run.ts';

/** What the specification has for a resource that does not exist; the SDK has no name for it. */
export const resourceNotFound = -32002;

/** An error that the protocol answers a request with, for requests that have no result to put it into. */
export class ProtocolError extends Error {
  readonly code: number;
  readonly data: Record<string, unknown> | undefined;

  constructor(code: number, message: string, data?: Record<string, unknown>) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

export const invalidParams = (message: string): ProtocolError => new ProtocolError(ErrorCode.InvalidParams, message);

/** The failure of a tool as an error of the protocol; `data` has the rest of the tool's words. */
export function toProtocolError({ success: _success, message, ...rest }: ToolError, data: object = {}): ProtocolError {
  return new ProtocolError(codeOf(rest.error_code), message, { ...data, ...rest });
}

function codeOf(code: ToolError['error_code']): number {
  if (code === 'not_found') return resourceNotFound;
  return code === 'invalid_input' || code === 'ambiguous_recipient' ? ErrorCode.InvalidParams : ErrorCode.InternalError;
}

/** Lets a failure of our own kind out as an error of the protocol. */
export async function inProtocol<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw toProtocolError(failedOutcome(error).error);
  }
}

/** Lists here are short and come whole: any cursor is one that was never given out. */
export function wholeList<T>(list: T, params: { cursor?: string | undefined } | undefined): T {
  if (params?.cursor) throw invalidParams('This list has no further pages; leave cursor out.');
  return list;
}
