import type { BridgeStatus } from '../../bridges/bridge.ts';
import { AppError } from '../domain/errors.ts';
import { normalizeJid } from '../domain/jid.ts';

type Account = Pick<BridgeStatus, 'linked' | 'jid' | 'lid'>;

/**
 * Whether both linked devices belong to one account; null while fewer than two are linked, or one does not report its
 * account.
 */
export function sameAccount(bridges: readonly Account[]): boolean | null {
  const [first, second] = bridges.filter(({ linked }) => linked);
  if (!first || !second) return null;
  return same(first.jid, second.jid) ?? same(first.lid, second.lid);
}

function same(first: string | null, second: string | null): boolean | null {
  return first && second ? normalizeJid(first) === normalizeJid(second) : null;
}

/**
 * Throws `account_mismatch` while the bridges are linked to different accounts, so that data of the two never mixes.
 */
export function assertSameAccount(bridges: readonly Account[]): void {
  if (sameAccount(bridges) !== false) return;
  throw new AppError('account_mismatch', `The two bridges are linked to different WhatsApp accounts. ${mismatchStep}`);
}

export const mismatchStep =
  'Ask the user which account is meant, unlink the other one (logout_device with its bridge), then link that bridge to the right account with start_pairing.';
