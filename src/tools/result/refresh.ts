import * as z from 'zod';
import { AppError, type ErrorCode, errorCodes } from '../../domain/errors.ts';

/** Why what is here could not be compared with WhatsApp; absent when it was. */
export const refreshFields = {
  not_refreshed: z
    .object({ error_code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]), message: z.string() })
    .optional(),
};

type Refreshed<T> = { answer: T } | { answer: undefined; not_refreshed: { error_code: ErrorCode; message: string } };

/** How long a read that needs no bridge waits for one. */
const refreshTimeoutMs = 5_000;

/**
 * What a bridge answers, for tools that can answer from the store alone: a failure is told instead of thrown, and so is an
 * answer that does not come in time. Cancelling and defects are thrown.
 */
export async function tryRefresh<T>(answer: Promise<T>, timeoutMs = refreshTimeoutMs): Promise<Refreshed<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const error = new AppError('timeout', 'WhatsApp did not answer in time; this is what is stored.');
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  try {
    return { answer: await Promise.race([answer, late]) };
  } catch (error) {
    if (!(error instanceof AppError) || error.code === 'cancelled') throw error;
    return { answer: undefined, not_refreshed: { error_code: error.code, message: error.message } };
  } finally {
    clearTimeout(timer);
  }
}
