import { AppError } from '../../../src/domain/errors.ts';
import type { BridgeState } from '../../../src/domain/states.ts';
import type { BridgeStatus } from '../../bridge.ts';
import { accountOf } from '../library/credentials.ts';
import type { AuthenticationCreds } from '../library/library.ts';

interface Situation {
  state: BridgeState;
  message: string | null;
  creds: AuthenticationCreds | null;
  /** No connection is open or planned, and no reason is known. */
  isIdle: boolean;
  historySyncing(): boolean;
  gaps: number;
  missingSettings: BridgeStatus['missingSettings'];
  owner: BridgeStatus['owner'];
}

/** The status of a session. */
export function statusOf(situation: Situation): BridgeStatus {
  const { creds, owner, gaps, missingSettings } = situation;
  const account = accountOf(creds);
  const identity = { linked: creds !== null, jid: account?.pn ?? null, lid: account?.lid ?? null };
  const lacking = { gaps, ...(missingSettings?.length && { missingSettings }) };
  return { ...stateOf(situation), ...identity, ...lacking, ...(owner && { owner }) };
}

function stateOf({ state, message, creds, isIdle, historySyncing }: Situation) {
  if (state === 'ready') {
    return { state: historySyncing() ? ('syncing' as const) : state, connected: true, message };
  }
  if (!isIdle) return { state, connected: false, message };
  return creds
    ? { state, connected: false, message: 'Not connected yet; the next call that needs WhatsApp connects.' }
    : { state: 'unlinked' as const, connected: false, message: null };
}

/** The status of a session whose own file cannot be read. */
export function unreadable(error: unknown): BridgeStatus {
  const step = error instanceof AppError && !error.message.includes(error.hint) ? ` ${error.hint}` : '';
  const message = error instanceof AppError ? `${error.message}${step}` : 'The store of this device cannot be read.';
  return { state: 'down', linked: false, connected: false, jid: null, lid: null, message };
}
