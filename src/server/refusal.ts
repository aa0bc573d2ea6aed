import { ErrorCode, type JSONRPCErrorResponse } from '@modelcontextprotocol/sdk/types.js';
import { AppError } from '../domain/errors.ts';
import { nobody } from './authorship.ts';
import type { RequestId } from './greeting.ts';
import { toProtocolError } from './protocol-error.ts';
import { toResult } from './result.ts';
import { failedOutcome } from './run.ts';

export interface LineError {
  code: number;
  message: string;
  data?: Record<string, unknown>;
}

/** What of a message shows without parsing all of it: a request has both, a notification the method alone. */
export interface Head {
  id?: RequestId;
  method?: string;
}

/** Reads `outline`, JSON of a message with null for what is in it. */
export function headOf(outline: string | undefined): Head {
  try {
    const { id, method } = JSON.parse(outline ?? '');
    if (typeof method !== 'string') return {};
    if (id === undefined) return { method };
    return typeof id === 'string' || Number.isInteger(id) ? { id, method } : {};
  } catch {
    return {};
  }
}

/** A line that answers the request with this id with an error; null for what has no id. */
export function errorLine(id: RequestId | null, error: LineError): string {
  const response: Omit<JSONRPCErrorResponse, 'id'> & { id: typeof id } = { jsonrpc: '2.0', id, error };
  return `${JSON.stringify(response)}\n`;
}

/** The answer to a message that is too much to be read: to the call or the request that it is, as far as that shows. */
export function tooLarge({ id, method }: Head, excess: string): string {
  if (id === undefined) return errorLine(null, invalid(ErrorCode.InvalidRequest, excess));
  if (method !== 'tools/call') return errorLine(id, invalid(ErrorCode.InvalidParams, excess));
  return failedCall(id, new AppError('invalid_input', `The call is too large: ${excess}.`));
}

const invalid = (code: number, excess: string): LineError => ({
  code,
  message: `Invalid request: the message is too large: ${excess}`,
});

/** The answer to a request that comes while too many others wait. */
export function tooMany(id: RequestId, method: string): string {
  const error = new AppError(
    'rate_limited',
    'Too many calls are waiting already. Wait for answers before asking for more.',
  );
  if (method === 'tools/call') return failedCall(id, error);
  const { code, message, data } = toProtocolError(failedOutcome(error).error);
  return errorLine(id, { code, message, ...(data && { data }) });
}

const failedCall = (id: RequestId, error: AppError): string =>
  `${JSON.stringify({ result: toResult(failedOutcome(error), nobody), jsonrpc: '2.0', id })}\n`;
