import { hkdfSync } from 'node:crypto';
import {
  type ChatModification,
  chatModificationToAppPatch,
  encodeSyncdPatch,
  hmacSign,
  newLTHashState,
  proto,
} from '@whiskeysockets/baileys';
import type { World } from '../world/world.ts';

type Patch = ReturnType<typeof chatModificationToAppPatch>;
export type Collection = Patch['type'];
type HashState = ReturnType<typeof newLTHashState>;

interface Stored {
  state: HashState;
  /** The first patch brings the collection from version 0 to 1. */
  patches: proto.ISyncdPatch[];
  /** The records of this version, by index. */
  records: Map<string, proto.ISyncdRecord>;
}

/** A change of a chat on the phone: archive, pin, mute, mark as read, name a contact. */
export type Modification = ChatModification;

/** A big-endian 64-bit number, as it goes into the MACs. */
function longOf(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

/** Settings of the account as the server keeps them: encrypted patches by collection, which the server cannot read. */
export class AppState {
  private readonly key: { keyId: Buffer; keyData: Buffer };
  private readonly collections = new Map<string, Stored>();
  private pending: Promise<unknown> = Promise.resolve();
  /** Whether patches are stored on the media server instead of in the answer, as WhatsApp does with many of them. */
  asFiles = false;
  /** Resolves when the address book is stored. */
  readonly ready: Promise<unknown>;

  constructor(key: { keyId: Buffer; keyData: Buffer }, world: World) {
    this.key = key;
    const saved = world.people.flatMap(({ pn, lid, savedName }) => (pn && savedName ? [{ pn, lid, savedName }] : []));
    const book = saved.map(({ pn, lid, savedName }) => nameOf(pn, savedName, lid));
    this.ready = book.length > 0 ? this.append(book) : Promise.resolve();
  }

  version(collection: string): number {
    return this.collections.get(collection)?.patches.length ?? 0;
  }

  patchesAfter(collection: string, version: number): proto.ISyncdPatch[] {
    return this.collections.get(collection)?.patches.slice(version) ?? [];
  }

  /** All current records in one piece; undefined for an empty collection. */
  snapshot(collection: string): proto.ISyncdSnapshot | undefined {
    const stored = this.collections.get(collection);
    const last = stored?.patches.at(-1);
    if (!stored || !last) return undefined;
    const { version, keyId, snapshotMac: mac } = last;
    return { records: [...stored.records.values()], version: version ?? null, keyId: keyId ?? null, mac: mac ?? null };
  }

  /**
   * Adds one patch with these changes to one collection; resolves with the collection's name when the patch is stored.
   */
  append(changes: readonly Patch[]): Promise<Collection> {
    const adding = this.pending.then(() => this.appendNow(changes));
    this.pending = adding.catch(() => undefined);
    return adding;
  }

  private async appendNow(changes: readonly Patch[]): Promise<Collection> {
    const name = changes[0]!.type;
    const fresh = { state: newLTHashState(), patches: [], records: new Map<string, proto.ISyncdRecord>() };
    const { state: before, patches, records } = this.collections.get(name) ?? fresh;
    const { keyId, keyData } = this.key;
    const mutations: proto.ISyncdMutation[] = [];
    let state = before;
    for (const change of changes) {
      const key = async () => proto.Message.AppStateSyncKeyData.create({ keyData });
      const encoded = await encodeSyncdPatch(change, keyId.toString('base64'), state, key);
      mutations.push(...(encoded.patch.mutations ?? []));
      state = { ...encoded.state, version: before.version };
    }
    const version = before.version + 1;
    const keys = Buffer.from(hkdfSync('sha256', keyData, '', 'WhatsApp Mutation Keys', 160));
    const [snapshotKey, patchKey] = [keys.subarray(96, 128), keys.subarray(128, 160)];
    const place = [longOf(version), Buffer.from(name)];
    const snapshotMac = hmacSign(Buffer.concat([state.hash, longOf(version), Buffer.from(name)]), snapshotKey);
    const valueMacs = mutations.map(({ record }) => record!.value!.blob!.slice(-32));
    const patchMac = hmacSign(Buffer.concat([snapshotMac, ...valueMacs, ...place]), patchKey);
    patches.push({ version: { version }, snapshotMac, patchMac, keyId: { id: keyId }, mutations });
    for (const { record } of mutations) {
      if (record) records.set(Buffer.from(record.index?.blob ?? []).toString('base64'), record);
    }
    this.collections.set(name, { state: { ...state, version }, patches, records });
    return name;
  }
}

/** A name in the phone's address book. */
export function nameOf(pn: string, fullName: string, lid?: string): Patch {
  const contact = { fullName, firstName: fullName.split(' ')[0] ?? fullName, ...(lid && { lidJid: lid }) };
  return chatModificationToAppPatch({ contact }, pn);
}
