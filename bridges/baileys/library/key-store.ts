import type { LidPair } from '../../../src/domain/chat.ts';
import { lidPair } from '../../../src/domain/lid-pair.ts';
import type { JournalEntry, KeyValueStore } from '../../bridge.ts';
import { parse, serialize } from './codec.ts';
import type { AuthenticationCreds, HashState, Library } from './library.ts';

/** Our key type for journalled plaintexts; the library's transactions carry any type, its TypeScript types a closed list. */
export const inboundType = 'inbound';

/** How far each collection of the account's settings was read. */
const progress = 'app-state-sync-version';

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
  /** How far a collection was read into the store; undefined when it has to be read from the start. */
  readTo(collection: string): HashState | undefined;
  /** Call when the store has everything up to here. */
  setReadTo(collection: string, state: HashState): void;
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

function rowsOf(data: KeyData): { type: string; id: string; value: string | null }[] {
  return Object.entries(data).flatMap(([type, values]) =>
    type === inboundType || type === progress
      ? []
      : Object.entries(values ?? {}).map(([id, value]) => ({
          type,
          id,
          value: value === null || value === undefined ? null : serialize(value),
        })),
  );
}

const known = (values: ReadonlyMap<string, unknown>, ids: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(ids.filter((id) => values.has(id)).map((id) => [id, values.get(id)]));

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
  // What the library has read beside us it may not have handed over yet, so it is kept for itself and not on disk.
  const passing = new Map<string, unknown>();
  const read = (type: string, ids: string[]): Record<string, unknown> => {
    if (type === inboundType) {
      return Object.fromEntries(ids.map((id) => [id, store.journalEntry(id)]).filter(([, entry]) => entry));
    }
    const values = [...store.get(type, ids)].map(([id, value]) => [id, parse(value)] as const);
    if (type === progress) return { ...Object.fromEntries(values), ...known(passing, ids) };
    if (type !== 'app-state-sync-key') return Object.fromEntries(values);
    const { AppStateSyncKeyData } = library.proto.Message;
    return Object.fromEntries(values.map(([id, value]) => [id, AppStateSyncKeyData.fromObject(value as object)]));
  };
  return {
    readTo: (collection) =>
      guarded(() => {
        const value = store.get(progress, [collection]).get(collection);
        return value === undefined ? undefined : (parse(value) as HashState);
      }),
    setReadTo: (collection, state) =>
      guarded(() => {
        store.set([{ type: progress, id: collection, value: serialize(state) }]);
        passing.delete(collection);
      }),
    get: (type, ids) => guarded(() => read(type, ids)),
    set: (data) =>
      guarded(() => {
        const pairs = pairsOf(data['lid-mapping'] ?? {});
        if (pairs.length > 0) hooks.onLidPairs(pairs); // first: the library asks only once for a pair it has stored
        store.set(rowsOf(data), journalOf(data));
        for (const [id, value] of Object.entries(data[progress] ?? {})) {
          if (value == null) passing.delete(id);
          else passing.set(id, value);
        }
      }),
  };
}

/** The shape makeWASocket wants; the cast is for the open list of key types. */
export function authenticationState(creds: AuthenticationCreds, keys: KeyStore) {
  return { creds, keys } as unknown as Parameters<Library['makeWASocket']>[0]['auth'];
}
