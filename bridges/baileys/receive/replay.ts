import type { JournalEntry, KeyValueStore } from '../../bridge.ts';
import type { AuthenticationCreds, BinaryNode, Library, WAMessage } from '../library/library.ts';
import { chatOf, sourceOf } from '../translate/key.ts';

type Decrypt = Parameters<Library['decryptMessageNode']>;

/** Answers decryption by the hash in place of the ciphertext; uses no key. */
function repositoryOf(keys: KeyValueStore): Decrypt[3] {
  const answer = async (hash: Uint8Array): Promise<Uint8Array> => {
    const entry = keys.journalEntry(Buffer.from(hash).toString('hex'));
    if (!entry) throw new Error('This part of the message was not decrypted before.');
    return entry.plain;
  };
  const nothing = async () => undefined;
  return {
    decryptMessage: (options: { ciphertext: Uint8Array }) => answer(options.ciphertext),
    decryptGroupMessage: (options: { msg: Uint8Array }) => answer(options.msg),
    processSenderKeyDistributionMessage: nothing,
    migrateSession: nothing,
    lidMapping: { getLIDForPN: async () => null, storeLIDPNMappings: nothing },
  } as unknown as Decrypt[3];
}

/**
 * Rebuilds the message of one journalled stanza; undefined when a part was never decrypted, since WhatsApp delivers it
 * again.
 */
async function rebuild(
  library: Library,
  keys: KeyValueStore,
  creds: AuthenticationCreds,
  stanza: Uint8Array,
  logger: Decrypt[4],
): Promise<WAMessage | undefined> {
  const me = creds.me;
  if (!me) return undefined;
  const node: BinaryNode = await library.decodeBinaryNode(Buffer.from(stanza));
  const { fullMessage, decrypt } = library.decryptMessageNode(node, me.id, me.lid ?? '', repositoryOf(keys), logger);
  await decrypt();
  if (fullMessage.messageStubType === library.proto.WebMessageInfo.StubType.CIPHERTEXT) return undefined;
  library.cleanMessage(fullMessage, me.id, me.lid ?? '');
  return fullMessage;
}

export interface Replay {
  /** Messages that were acknowledged but may be missing in staging.db, oldest first. */
  pending(): Promise<WAMessage[]>;
  /**
   * A message as it arrived, before later events were merged into it; it may be stored already. If several in the chat
   * have this id, the one of the sender in the key.
   */
  original(key: WAMessage['key']): Promise<WAMessage | undefined>;
}

/** Rebuilds messages from the journal. A stanza that cannot be decoded is skipped and stays in the journal. */
export function createReplay(
  library: Library,
  keys: KeyValueStore,
  creds: AuthenticationCreds,
  logger: Decrypt[4],
): Replay {
  const messages = async (entries: readonly JournalEntry[]): Promise<WAMessage[]> => {
    const stanzas = new Map<string, Uint8Array>();
    for (const { stanzaId, source, stanza } of entries) {
      const name = `${stanzaId} ${source}`;
      if (stanzaId !== null && stanza && !stanzas.has(name)) stanzas.set(name, stanza);
    }
    const found: WAMessage[] = [];
    for (const stanza of stanzas.values()) {
      const message = await rebuild(library, keys, creds, stanza, logger).catch(() => undefined);
      if (message) found.push(message);
    }
    return found;
  };
  return {
    pending: () => messages(keys.journalPending()),
    async original(key) {
      const found = await messages(keys.journalOf(key.id ?? ''));
      const here = found.filter((message) => chatOf(message.key) === chatOf(key));
      return here.find((message) => sourceOf(message.key) === sourceOf(key)) ?? here[0];
    },
  };
}
