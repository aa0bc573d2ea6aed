import * as z from 'zod';
import { type ErrorCode, errorCodes } from '../../../src/domain/errors.ts';

/** A failure on the wire (RFC 9457, application/problem+json) with our closed code; `detail` is for a person. */
export const ProblemSchema = z.object({
  type: z.string(),
  title: z.string(),
  /** The HTTP status, which may describe the transport in more detail than the code. */
  status: z.number().int(),
  detail: z.string(),
  code: z.enum(Object.keys(errorCodes) as [ErrorCode, ...ErrorCode[]]),
  /** The same request may succeed later. */
  retryable: z.boolean(),
});
export type Problem = z.output<typeof ProblemSchema>;
