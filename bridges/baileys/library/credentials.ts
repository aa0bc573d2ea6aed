import { AppError } from '../../../src/domain/errors.ts';
import { normalizeJid } from '../../../src/domain/jid.ts';
import type { Me } from '../../../src/domain/own-account.ts';
import type { KeyValueStore } from '../../bridge.ts';
import { parse, serialize } from './codec.ts';
import type { AuthenticationCreds, Library } from './library.ts';

const row = { type: 'creds', id: 'self' };

/** Our additions to Baileys' credentials. */
interface Additional {
  /** Created by a simulated WhatsApp; such credentials never connect to the real one, nor real ones to a simulator. */
  sim?: boolean;
  /** All groups have been read once. */
  groups?: boolean;
}

/** Credentials of a completed pairing, or null; an incomplete pairing does not count. */
export function readCredentials(keys: Pick<KeyValueStore, 'get'>): AuthenticationCreds | null {
  const value = keys.get(row.type, [row.id]).get(row.id);
  if (value === undefined) return null;
  const creds = parse(value) as AuthenticationCreds;
  return isLinked(creds) ? creds : null;
}

export function writeCredentials(keys: KeyValueStore, creds: AuthenticationCreds): void {
  keys.set([{ ...row, value: serialize(creds) }]);
}

/** Whether a phone confirmed this device. `creds.registered` does not help: pairing by QR never sets it. */
export const isLinked = (creds: AuthenticationCreds): boolean => Boolean(creds.me?.id && creds.account);

export const additional = (creds: AuthenticationCreds): Additional => (creds.additionalData as Additional) ?? {};

export function newCredentials(library: Library, simulated: boolean): AuthenticationCreds {
  return { ...library.initAuthCreds(), additionalData: simulated ? { sim: true } : {} };
}

/** The account of these credentials, without device part; undefined before pairing. */
export function accountOf(creds: AuthenticationCreds | null): Me | undefined {
  const pn = normalizeJid(creds?.me?.id);
  return pn === undefined ? undefined : { pn, lid: normalizeJid(creds?.me?.lid) ?? null };
}

/** Refuses real credentials for a simulated WhatsApp and simulated ones for the real one. */
export function assertSameEnvironment(creds: AuthenticationCreds, simulated: boolean): void {
  if ((additional(creds).sim === true) === simulated) return;
  throw new AppError(
    'account_mismatch',
    simulated
      ? 'This data directory holds a real WhatsApp account; a simulated one needs a data directory of its own.'
      : 'This data directory holds a simulated WhatsApp account; the real one needs a data directory of its own.',
  );
}
