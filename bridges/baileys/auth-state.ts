import type { LidPair } from '../../src/domain/chat.ts';
import type { JournalEntry, KeyValueStore } from '../bridge.ts';
import { parse, serialize } from './codec.ts';
import type { AuthenticationCreds, Library } from './library.ts';
import { lidPair } from './translate/contact.ts';

/** Our key type for journalled plaintexts; the library's transactions carry any type, its TypeScript types a closed list. */
export const inboundType = 'inbound';

/** Set together with the library's reading progress in the phone's settings, cleared when what it read is stored. */
const unstored = { type: 'app-state-unstored', id: 'self' };

/** One journalled plaintext as it travels through the library's key transactions. */
export type Inbound = Omit<JournalEntry, 'hash'>;

/** The local store could not take or give keys. Nothing may be acknowledged to WhatsApp after it. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

type KeyData = Record<string, Record<string, unknown> | undefined>;

export interface KeyStore {
  get(type: string, ids: string[]): Record<string, unknown>;
  set(data: KeyData): void;
  /** Whether changes of the phone's settings were read that may never have reached the store. */
  hasUnstoredChanges(): boolean;
  changesStored(): void;
}

export interface AuthHooks {
  /** Pairs that the library learned, before they are stored; throws when they cannot be kept. */
  onLidPairs(pairs: LidPair[]): void;
  /** Called at every failure of the store, before anything else can go out to WhatsApp. */
  onFailure(error: StoreError): void;
}

/** Stored as `pnUser → lidUser` and `<lidUser>_reverse → pnUser`; the second says nothing new. */
function pairsOf(mapping: Record<string, unknown>): LidPair[] {
  return Object.entries(mapping)
    .filter(([id, value]) => !id.endsWith('_reverse') && typeof value === 'string')
    .map(([pn, lid]) => lidPair(`${lid}@lid`, `${pn}@s.whatsapp.net`))
    .filter((pair) => pair !== undefined);
}

function journalOf(data: KeyData): JournalEntry[] {
  const inbound = (data[inboundType] ?? {}) as Record<string, Inbound | null>;
  return Object.entries(inbound).flatMap(([hash, entry]) => (entry ? [{ hash, ...entry }] : []));
}

const hasProgress = (data: KeyData): boolean =>
  Object.values(data['app-state-sync-version'] ?? {}).some((version) => version !== null);

function rowsOf(data: KeyData) {
  const rows = keyRowsOf(data);
  return hasProgress(data) ? [...rows, { ...unstored, value: '1' }] : rows;
}

function keyRowsOf(data: KeyData): { type: string; id: string; value: string | null }[] {
  return Object.entries(data).flatMap(([type, values]) =>
    type === inboundType
      ? []
      : Object.entries(values ?? {}).map(([id, value]) => ({
          type,
          id,
          value: value === null || value === undefined ? null : serialize(value),
        })),
  );
}

/** Baileys' key store over ours: one `set` is one durable transaction of keys and journalled plaintexts. */
export function createKeyStore(library: Library, store: KeyValueStore, hooks: AuthHooks): KeyStore {
  const guarded = <T>(work: () => T): T => {
    try {
      return work();
    } catch (cause) {
      const error = new StoreError('The local store could not keep the keys of this device.', { cause });
      hooks.onFailure(error);
      throw error;
    }
  };
  const read = (type: string, ids: string[]): Record<string, unknown> => {
    if (type === inboundType) {
      return Object.fromEntries(ids.map((id) => [id, store.journalEntry(id)]).filter(([, entry]) => entry));
    }
    const values = [...store.get(type, ids)].map(([id, value]) => [id, parse(value)] as const);
    if (type !== 'app-state-sync-key') return Object.fromEntries(values);
    const { AppStateSyncKeyData } = library.proto.Message;
    return Object.fromEntries(values.map(([id, value]) => [id, AppStateSyncKeyData.fromObject(value as object)]));
  };
  const hasUnstored = (): boolean => store.get(unstored.type, [unstored.id]).size > 0;
  return {
    hasUnstoredChanges: () => guarded(hasUnstored),
    changesStored: () => guarded(() => hasUnstored() && store.set([{ ...unstored, value: null }])),
    get: (type, ids) => guarded(() => read(type, ids)),
    set: (data) =>
      guarded(() => {
        const pairs = pairsOf(data['lid-mapping'] ?? {});
        if (pairs.length > 0) hooks.onLidPairs(pairs); // first: the library asks only once for a pair it has stored
        store.set(rowsOf(data), journalOf(data));
      }),
  };
}

/** The shape makeWASocket wants; the cast is for the open list of key types. */
export function authenticationState(creds: AuthenticationCreds, keys: KeyStore) {
  return { creds, keys } as unknown as Parameters<Library['makeWASocket']>[0]['auth'];
}
