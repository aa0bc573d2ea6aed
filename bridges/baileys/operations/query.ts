import { AppError } from '../../../src/domain/errors.ts';
import type { BinaryNode, Socket } from '../library/library.ts';

interface Boom {
  data?: unknown;
  output?: { statusCode?: number };
}

/** Codes for "not found" and "too many requests". */
const absent = 404;
const tooManyRequests = 429;
const timedOut = 408;

function failure(error: unknown, what: string): AppError {
  const { data, output } = error as Boom;
  if (data === tooManyRequests)
    return new AppError('rate_limited', `WhatsApp answers no more questions for ${what} for now.`);
  if (data === absent) return new AppError('not_found', `WhatsApp has no ${what} here.`, { cause: error });
  if (typeof data === 'number') {
    return new AppError('upstream_rejected', `WhatsApp refused the ${what} (${data}).`, { cause: error });
  }
  if (output?.statusCode === timedOut) return unanswered(what);
  return new AppError('bridge_unavailable', `The connection ended before WhatsApp gave the ${what}.`, { cause: error });
}

/** The code of WhatsApp's refusal from an error of `ask`; undefined for other errors. */
export function refusalOf(error: unknown): number | undefined {
  const { data } = ((error as Error | undefined)?.cause ?? {}) as Boom;
  return error instanceof AppError && typeof data === 'number' ? data : undefined;
}

const unanswered = (what: string): AppError =>
  new AppError('upstream_unanswered', `WhatsApp did not answer when asked for the ${what}.`);

/** WhatsApp's server, for requests that are about no chat. */
export const server = '@s.whatsapp.net';

export const element = (
  tag: string,
  attrs: Record<string, string> = {},
  content?: BinaryNode['content'],
): BinaryNode => ({ tag, attrs, ...(content?.length && { content }) });

/** The error for an answer without what was asked. */
export const emptyAnswer = (what: string): AppError =>
  new AppError('upstream_rejected', `WhatsApp did not tell the ${what} when it was asked.`);

/**
 * Sends a request about `what` to WhatsApp and resolves with the answer. Rejects with AppError: `not_found`,
 * `upstream_rejected`, `rate_limited`, `upstream_unanswered` after `timeoutMs`, `bridge_unavailable` when the
 * connection ends.
 */
export async function ask(socket: Socket, request: BinaryNode, what: string, timeoutMs: number): Promise<BinaryNode> {
  const answer = await socket.query(request, timeoutMs).catch((error: unknown) => {
    throw failure(error, what);
  });
  if (!answer) throw unanswered(what); // the library returns undefined after a timeout
  return answer;
}
