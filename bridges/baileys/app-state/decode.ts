import type { HashState, Library, Mutation, proto } from '../library/library.ts';
import type { libraryLogger } from '../library/logger.ts';
import type { Patches } from './query.ts';
import type { Collection } from './unsynced-collections.ts';

type SyncKey = proto.Message.IAppStateSyncKeyData;
/** The stored key of this id, base64. */
export type KeyLookup = (id: string) => SyncKey | undefined;

export interface Reading {
  state: HashState;
  mutations: Mutation[];
  /** Every change up to `state` was read, and its MAC is valid. */
  isIntact: boolean;
}

const idOf = (keyId: proto.IKeyId | null | undefined): string => Buffer.from(keyId?.id ?? []).toString('base64');

const closing = ({
  snapshot,
  patches,
}: Patches): { keyId?: proto.IKeyId | null; mac: Uint8Array | null | undefined } => {
  const last = patches.at(-1);
  return { keyId: (last ?? snapshot)?.keyId ?? null, mac: last ? last.snapshotMac : snapshot?.mac };
};

/** Ids (base64) of the keys that these patches need and the phone has not shared. */
export function missingKeys(news: Patches, key: KeyLookup): string[] {
  const { snapshot, patches } = news;
  const ids = [
    ...(snapshot ? [snapshot.keyId, ...(snapshot.records ?? []).map((record) => record.keyId)] : []),
    ...patches.flatMap((patch) => [patch.keyId, ...(patch.mutations ?? []).map(({ record }) => record?.keyId)]),
  ].map(idOf);
  return [...new Set(ids)].filter((id) => id !== '' && !key(id));
}

/** The MAC over a collection at a version; the library computes it too, but only warns when it differs. */
function macOf(library: Library, name: Collection, { hash, version }: HashState, { keyData }: SyncKey): Buffer {
  const keys = library.hkdf(Buffer.from(keyData ?? []), 160, { info: 'WhatsApp Mutation Keys' });
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(version));
  return library.hmacSign(Buffer.concat([hash, count, Buffer.from(name)]), keys.subarray(96, 128));
}

/** Decrypts patches. Leaves out damaged ones and then reports `intact: false`. All keys must be present. */
export async function decodePatches(
  library: Library,
  name: Collection,
  news: Patches,
  before: HashState,
  key: KeyLookup,
  logger: ReturnType<typeof libraryLogger>,
): Promise<Reading> {
  const lookup = async (id: string) => key(id);
  let state = before;
  const found: Record<string, Mutation> = {};
  if (news.snapshot) {
    const read = await library.decodeSyncdSnapshot(name, news.snapshot, lookup, undefined, true, logger);
    state = read.state;
    Object.assign(found, read.mutationMap);
  }
  if (news.patches.length > 0) {
    const patches = [...news.patches];
    const read = await library.decodePatches(name, patches, state, lookup, {}, undefined, logger, true);
    state = read.state;
    Object.assign(found, read.mutationMap);
  }
  const { keyId, mac } = closing(news);
  const sealedBy = key(idOf(keyId));
  const empty = !news.snapshot && news.patches.length === 0;
  const isIntact = empty || Boolean(mac && sealedBy && macOf(library, name, state, sealedBy).equals(mac));
  return { state, mutations: Object.values(found), isIntact };
}
