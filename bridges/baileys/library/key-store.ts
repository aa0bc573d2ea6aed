import type { LidPair } from '../../../src/domain/chat.ts';
import { lidPair } from '../../../src/domain/lid-pair.ts';
import type { JournalEntry, KeyValueStore } from '../../bridge.ts';
import { parse, serialize } from './codec.ts';
import type { AuthenticationCreds, HashState, Library } from './library.ts';

/** Our key type for journalled plaintexts; the library's transactions accept any type, its TypeScript types do not. */
export const inboundType = 'inbound';

/** The key type for the progress of each settings collection. */
const progress = 'app-state-sync-version';

/** A journalled plaintext inside the library's key transactions. */
export type Inbound = Omit<JournalEntry, 'hash'>;

/** The local store could not read or write keys. After it, nothing may be acknowledged to WhatsApp. */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}

type KeyData = Record<string, Record<string, unknown> | undefined>;

export interface KeyStore {
  get(type: string, ids: string[]): Record<string, unknown>;
  set(data: KeyData): void;
  /** The progress that the store has confirmed; undefined when the collection must be read from the start. */
  readTo(collection: string): HashState | undefined;
  /** Call when the store has everything up to `state`. */
  setReadTo(collection: string, state: HashState): void;
}

export interface AuthHooks {
  /** Called with pairs from the library before they are stored; throws when they cannot be kept. */
  onLidPairs(pairs: LidPair[]): void;
  /** Called at every store failure, before anything else is sent to WhatsApp. */
  onFailure(error: StoreError): void;
}

/** The library stores `pnUser → lidUser` and `<lidUser>_reverse → pnUser`; the reverse entry is redundant. */
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
  // Progress that the library reports for its own reads stays in memory: it may not have handed over the rows yet.
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
        if (pairs.length > 0) hooks.onLidPairs(pairs); // first, because the library reports a stored pair only once
        store.set(rowsOf(data), journalOf(data));
        for (const [id, value] of Object.entries(data[progress] ?? {})) {
          if (value == null) passing.delete(id);
          else passing.set(id, value);
        }
      }),
  };
}

/** The shape that makeWASocket expects; the cast opens its list of key types. */
export function authenticationState(creds: AuthenticationCreds, keys: KeyStore) {
  return { creds, keys } as unknown as Parameters<Library['makeWASocket']>[0]['auth'];
}
