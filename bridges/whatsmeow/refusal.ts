import { AppError, type ErrorCode } from '../../src/domain/errors.ts';
import { type OperationName, operations } from '../operations/catalog.ts';
import { plainLine } from '../operations/words.ts';
import type { Problem } from './contract/problem.ts';

/** Our own text for each code: agents read errors as advice, so the text of another program must not appear there. */
const words: Record<ErrorCode, string> = {
  invalid_input: 'it does not take these arguments',
  not_found: 'it knows nothing of the kind',
  ambiguous_recipient: 'more than one fits',
  not_linked: 'no phone is linked to it',
  needs_passkey: 'WhatsApp asks for a passkey',
  bridge_unavailable: 'it has no connection to WhatsApp now',
  outcome_unknown: 'it does not know whether it was carried out',
  upstream_unanswered: 'WhatsApp or the phone did not answer it',
  upstream_rejected: 'WhatsApp refused it',
  not_permitted: 'the account may not do that',
  not_supported: 'this wa-bridge cannot do it',
  media_expired: 'the media is not to be had any more',
  rate_limited: 'too much was asked for in a short time',
  confirmation_required: 'it has to be confirmed',
  read_only: 'it only reads',
  account_mismatch: 'it is linked to another account',
  store_unavailable: 'a database of it cannot be used; its log names the file',
  schema_mismatch: 'messages.db is of another version than it knows',
  timeout: 'it took too long',
  cancelled: 'it was cancelled',
  internal: 'it has a defect, of which its log tells more',
  history_sync_failed: 'the history could not be received',
  history_sync_timeout: 'the history is still arriving',
  database_sync_failed: 'messages.db could not be written',
  database_sync_pending: 'there are messages that are not copied yet',
  mark_as_read_failed: 'it could not be marked as read',
};

/** `details.wa_bridge_says`: its own message, in one line, for a person. */
export function refusalOf({ code, detail }: Problem, name: OperationName): AppError {
  // The timeout hit an operation that must not run twice.
  const isCutOff = operations[name].repeat === 'never' && code === 'timeout';
  return new AppError(isCutOff ? 'outcome_unknown' : code, `wa-bridge refused ${name}: ${words[code]}.`, {
    details: { wa_bridge_says: plainLine(detail, 200) },
  });
}
