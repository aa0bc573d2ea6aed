import { AppError } from '../../domain/errors.ts';
import { reasonFor } from '../../store/files/failure.ts';
import { UserError } from '../refusal.ts';

/** Why something could not be done, in one line and without a stack. */
export function reasonOf(error: unknown): string {
  if (error instanceof UserError || error instanceof AppError) return error.message.replace(/\.$/, '');
  const reason = reasonFor(error);
  if (reason !== undefined) return reason;
  if ((error as { code?: unknown }).code === 'SQLITE_ERROR') return 'its tables are not as they must be (SQLITE_ERROR)';
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n');
  return `of a defect of this program: ${line}`;
}
