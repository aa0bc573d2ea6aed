import type { LidPair } from '../../../src/domain/chat.ts';
import { lidPair } from '../../../src/domain/lid-pair.ts';
import type { EventSink, IngestBatch, KeyValueStore, StanzaKey, StoredStanza } from '../../bridge.ts';
import type { KeyStore } from '../library/key-store.ts';
import type { Library, proto, WAMessage } from '../library/library.ts';
import { messageRows, sliceRows } from '../translate/history.ts';
import { sourceOf } from '../translate/key.ts';
import type { TranslateContext } from '../translate/message.ts';
import { unwrap } from '../translate/unwrap.ts';
import { type HistoryQueue, takenBackIn } from './history.ts';
import { readable, type VoteReader } from './poll-votes.ts';

export interface ReceiverDeps {
  library: Library;
  sink: EventSink;
  keys: KeyValueStore;
  keyStore: KeyStore;
  history: Pick<HistoryQueue, 'announce'>;
  votes: VoteReader;
  translate: TranslateContext;
  /** A key share from the journal; this key is for writing, as the library itself would record. */
  onSharedKey(id: string): void;
}

export interface Receiver {
  /**
   * Commits messages with their extra rows and then marks them done in the journal. Throws when the store rejects them;
   * then they stay in the journal.
   */
  receive(messages: readonly WAMessage[], beside?: Omit<IngestBatch, 'lane' | 'messages'>): void;
  /** The same for messages from the journal, plus the side effects that the library would have had. */
  replay(messages: readonly WAMessage[]): void;
  /** Marks key shares as done once the library has stored their keys. */
  keysArrived(): void;
}

type Protocol = proto.Message.IProtocolMessage;

/** Messages that the phone sent again on request, inside an answer to this device. */
function resent(library: Library, protocol: Protocol): WAMessage[] {
  const results = protocol.peerDataOperationRequestResponseMessage?.peerDataOperationResult ?? [];
  return results.flatMap((result) => {
    const bytes = result.placeholderMessageResendResponse?.webMessageInfoBytes;
    const message = bytes?.length ? readable(() => library.proto.WebMessageInfo.decode(bytes)) : undefined;
    return message?.key ? [message as WAMessage] : [];
  });
}

function migratedPairs(library: Library, protocol: Protocol): LidPair[] {
  const payload = protocol.lidMigrationMappingSyncMessage?.encodedMappingPayload;
  if (!payload?.length) return [];
  const decoded = readable(() => library.proto.LIDMigrationMappingSyncPayload.decode(payload));
  return (decoded?.pnToLidMappings ?? [])
    .map(({ pn, latestLid, assignedLid }) => lidPair(`${latestLid || assignedLid}@lid`, `${pn}@s.whatsapp.net`))
    .filter((pair) => pair !== undefined);
}

/** The protocol message of an own device; from anyone else it could fake history or keys. */
function protocolOf(message: WAMessage): Protocol | undefined {
  return message.key.fromMe ? (unwrap(message.message ?? {}).message.protocolMessage ?? undefined) : undefined;
}

/** The stanza of a message, and which message it edits. */
function nameOf(library: Library, message: WAMessage): StoredStanza {
  const name = { id: message.key.id ?? '', source: sourceOf(message.key) };
  const { type, key } = unwrap(message.message ?? {}).message.protocolMessage ?? {};
  const isEdit = type === library.proto.Message.ProtocolMessage.Type.MESSAGE_EDIT;
  return isEdit && key?.id ? { ...name, edits: key.id } : name;
}

/** Keys by id. A phone that lacks a requested key names it without key data. */
const sharedKeys = (protocol: Protocol): [string, proto.Message.IAppStateSyncKeyData][] =>
  (protocol.appStateSyncKeyShare?.keys ?? []).flatMap(({ keyId, keyData }) =>
    keyData ? [[Buffer.from(keyId?.keyId ?? []).toString('base64'), keyData]] : [],
  );

const pairsOf = (message: WAMessage): LidPair[] =>
  [
    lidPair(message.key.participant, message.key.participantAlt),
    lidPair(message.key.remoteJid, message.key.remoteJidAlt),
  ].filter((pair) => pair !== undefined);

/** All rows of a flush except messages. */
type ExtraRows = Omit<IngestBatch, 'lane' | 'messages'>;

class StoringReceiver implements Receiver {
  readonly #deps: ReceiverDeps;
  readonly #waiting = new Map<StanzaKey, string[]>(); // key shares that the library is still storing

  constructor(deps: ReceiverDeps) {
    this.#deps = deps;
  }

  receive(messages: readonly WAMessage[], beside: ExtraRows = {}): void {
    const { library, keys } = this.#deps;
    const { CIPHERTEXT } = library.proto.WebMessageInfo.StubType;
    const rows: WAMessage[] = [];
    const done: StoredStanza[] = [];
    for (const message of messages) {
      const name = nameOf(library, message);
      const protocol = protocolOf(message);
      rows.push(message);
      if (message.messageStubType === CIPHERTEXT) continue; // parts could not be decrypted: WhatsApp delivers it again
      if (!protocol || this.#handleProtocol(name, protocol, rows)) done.push(name);
    }
    const takenBack = this.#ingest(rows, beside);
    if (takenBack.length > 0) keys.journalForget(takenBack);
    if (done.length > 0) keys.journalDone(done);
  }

  replay(messages: readonly WAMessage[]): void {
    const { library, keyStore, onSharedKey } = this.#deps;
    for (const message of messages) {
      const protocol = protocolOf(message);
      if (!protocol) continue;
      const shared = sharedKeys(protocol);
      if (shared.length > 0) keyStore.set({ 'app-state-sync-key': Object.fromEntries(shared) });
      for (const [id] of shared.slice(-1)) onSharedKey(id);
      const mapping = migratedPairs(library, protocol).flatMap(({ lid, pn }) => {
        const [lidUser, pnUser] = [lid, pn].map((jid) => jid.split('@')[0] ?? '') as [string, string];
        return [[pnUser, lidUser] as const, [`${lidUser}_reverse`, pnUser] as const];
      });
      if (mapping.length > 0) keyStore.set({ 'lid-mapping': Object.fromEntries(mapping) });
    }
    this.receive(messages);
  }

  keysArrived(): void {
    for (const [name, ids] of this.#waiting) {
      if (!this.#hasKeys(ids)) continue;
      this.#deps.keys.journalDone([name]);
      this.#waiting.delete(name);
    }
  }

  #hasKeys(ids: string[]): boolean {
    return Object.keys(this.#deps.keyStore.get('app-state-sync-key', ids)).length === new Set(ids).size;
  }

  /** Returns false while the library still processes it. */
  #handleProtocol(name: StanzaKey, protocol: Protocol, rows: WAMessage[]): boolean {
    const { library, history } = this.#deps;
    if (protocol.historySyncNotification) history.announce(name.id, protocol.historySyncNotification);
    rows.push(...resent(library, protocol));
    const ids = sharedKeys(protocol).map(([keyId]) => keyId);
    if (ids.length === 0 || this.#hasKeys(ids)) return true;
    this.#waiting.set(name, ids);
    return false;
  }

  /** Returns the ids of messages that were taken back. */
  #ingest(messages: readonly WAMessage[], beside: ExtraRows): string[] {
    const { sink, translate, votes } = this.#deps;
    let rest = beside;
    const takenBack: string[] = [];
    for (let start = 0; start === 0 || start < messages.length; start += sliceRows) {
      const slice = messages.slice(start, start + sliceRows);
      const rows = messageRows(slice, translate);
      const cast = votes.read(slice, rows.messages ?? []);
      const batch: IngestBatch = {
        ...rest,
        ...cast,
        lane: 'live',
        messages: rows.messages ?? [],
        contacts: [...(rest.contacts ?? []), ...(rows.contacts ?? [])],
        changes: [...(rest.changes ?? []), ...(rows.changes ?? []), ...(cast.changes ?? [])],
        lidPairs: [...(rest.lidPairs ?? []), ...slice.flatMap(pairsOf)],
      };
      if (Object.values(batch).some((list) => Array.isArray(list) && list.length > 0)) sink.ingest(batch);
      takenBack.push(...takenBackIn(batch));
      rest = {};
    }
    return takenBack;
  }
}

export const createReceiver = (deps: ReceiverDeps): Receiver => new StoringReceiver(deps);
