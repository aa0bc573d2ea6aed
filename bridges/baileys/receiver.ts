import type { LidPair } from '../../src/domain/chat.ts';
import type { MessageChange } from '../../src/domain/message.ts';
import type { EventSink, IngestBatch, KeyValueStore, MessageSource } from '../bridge.ts';
import type { KeyStore } from './auth-state.ts';
import type { HistoryQueue } from './history.ts';
import type { Library, proto, WAMessage } from './library.ts';
import { lidPair } from './translate/contact.ts';
import { messageRows, sliceRows } from './translate/history.ts';
import type { TranslateContext } from './translate/message.ts';
import { unwrap } from './translate/unwrap.ts';
import { voteChange } from './votes.ts';

export interface ReceiverDeps {
  library: Library;
  sink: EventSink;
  source: MessageSource;
  keys: KeyValueStore;
  keyStore: KeyStore;
  history: Pick<HistoryQueue, 'announce'>;
  translate: TranslateContext;
}

export interface Receiver {
  /**
   * Commits messages (and what came with them) and then marks them done in the journal. Throws when the store does not
   * take them; then they stay in the journal.
   */
  receive(messages: readonly WAMessage[], beside?: Omit<IngestBatch, 'lane' | 'messages'>): void;
  /** The same for messages from the journal, doing also what the library would have done with them. */
  replay(messages: readonly WAMessage[]): void;
  /** Marks those key shares as done whose keys the library has stored by now. */
  keysArrived(): void;
}

type Protocol = proto.Message.IProtocolMessage;

/** For bytes inside of messages: what cannot be decoded must not stop the messages around it. */
function readable<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch {
    return undefined;
  }
}

/** Messages that the phone sent again on request, inside of an answer to this device. */
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

const shareIds = (protocol: Protocol): [string, proto.Message.IAppStateSyncKeyData | null | undefined][] =>
  (protocol.appStateSyncKeyShare?.keys ?? []).map((key) => [
    Buffer.from(key.keyId?.keyId ?? []).toString('base64'),
    key.keyData,
  ]);

const pairsOf = (message: WAMessage): LidPair[] =>
  [
    lidPair(message.key.participant, message.key.participantAlt),
    lidPair(message.key.remoteJid, message.key.remoteJidAlt),
  ].filter((pair) => pair !== undefined);

export function createReceiver(deps: ReceiverDeps): Receiver {
  const { library, sink, keys, keyStore, history, translate } = deps;
  const ciphertext = library.proto.WebMessageInfo.StubType.CIPHERTEXT;
  const waiting = new Map<string, string[]>(); // key shares that the library is still storing

  const hasKeys = (ids: string[]) => Object.keys(keyStore.get('app-state-sync-key', ids)).length === new Set(ids).size;

  function votes(messages: readonly WAMessage[]): MessageChange[] {
    return messages
      .map((message) => readable(() => voteChange(library, deps.source, message, translate.me, translate.now)))
      .filter((change) => change !== undefined);
  }

  function ingest(messages: readonly WAMessage[], beside: Omit<IngestBatch, 'lane' | 'messages'>): void {
    let rest = beside;
    for (let start = 0; start === 0 || start < messages.length; start += sliceRows) {
      const slice = messages.slice(start, start + sliceRows);
      const rows = messageRows(slice, translate);
      const batch: IngestBatch = {
        ...rest,
        lane: 'live',
        messages: rows.messages ?? [],
        contacts: [...(rest.contacts ?? []), ...(rows.contacts ?? [])],
        changes: [...(rest.changes ?? []), ...(rows.changes ?? []), ...votes(slice)],
        lidPairs: [...(rest.lidPairs ?? []), ...slice.flatMap(pairsOf)],
      };
      if (Object.values(batch).some((list) => Array.isArray(list) && list.length > 0)) sink.ingest(batch);
      rest = {};
    }
  }

  /** Own devices only: anybody else could claim a history or keys. Returns false while the library still works on it. */
  function takeProtocol(id: string, protocol: Protocol, rows: WAMessage[]): boolean {
    if (protocol.historySyncNotification) history.announce(id, protocol.historySyncNotification);
    rows.push(...resent(library, protocol));
    const ids = shareIds(protocol).map(([keyId]) => keyId);
    if (ids.length === 0 || hasKeys(ids)) return true;
    waiting.set(id, ids);
    return false;
  }

  function receive(messages: readonly WAMessage[], beside: Omit<IngestBatch, 'lane' | 'messages'> = {}): void {
    const rows: WAMessage[] = [];
    const done: string[] = [];
    for (const message of messages) {
      const id = message.key.id ?? '';
      const protocol = unwrap(message.message ?? {}).message.protocolMessage;
      rows.push(message);
      if (message.messageStubType === ciphertext) continue; // not all of it was decrypted: it comes again
      if (!protocol || !message.key.fromMe || takeProtocol(id, protocol, rows)) done.push(id);
    }
    ingest(rows, beside);
    if (done.length > 0) keys.journalDone(done);
  }

  return {
    receive,
    replay(messages) {
      for (const message of messages) {
        const protocol = unwrap(message.message ?? {}).message.protocolMessage;
        if (!protocol || !message.key.fromMe) continue;
        const shared = shareIds(protocol).filter(([, data]) => data);
        if (shared.length > 0) keyStore.set({ 'app-state-sync-key': Object.fromEntries(shared) });
        const pairs = migratedPairs(library, protocol).map(({ lid, pn }) => [pn.split('@')[0], lid.split('@')[0]]);
        const both = pairs.flatMap(([pn, lid]) => [
          [pn, lid],
          [`${lid}_reverse`, pn],
        ]);
        if (both.length > 0) keyStore.set({ 'lid-mapping': Object.fromEntries(both) });
      }
      receive(messages);
    },
    keysArrived() {
      for (const [id, ids] of waiting) {
        if (!hasKeys(ids)) continue;
        keys.journalDone([id]);
        waiting.delete(id);
      }
    },
  };
}
