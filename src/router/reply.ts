import type { Bridge } from '../../bridges/bridge.ts';
import { type OperationName, type OperationOutput, operations } from '../../bridges/operations/catalog.ts';
import { AppError } from '../domain/errors.ts';

/**
 * Holds the answer of a bridge to the operation's schema; no other place does. Of a bridge in its own process, another
 * shape is an AppError that names the fields; of one in this process it is a defect, and the ZodError is thrown.
 */
export function parseReply<K extends OperationName>(
  { probe }: Pick<Bridge, 'probe'>,
  name: K,
  reply: unknown,
): OperationOutput<K> {
  const { output, repeat } = operations[name];
  const parsed = output.safeParse(reply);
  if (parsed.success) return parsed.data as OperationOutput<K>;
  if (!probe) throw parsed.error;
  // Only the path: the value may contain text of other people.
  const where = parsed.error.issues.map(({ path }) => path.join('.') || 'the whole').join(', ');
  throw new AppError(
    repeat === 'safe' ? 'bridge_unavailable' : 'outcome_unknown',
    `wa-bridge answered ${name} in a shape that this program does not know: ${where.slice(0, 200)}.`,
  );
}
