import { createHash } from 'node:crypto';
import type { JournalEntry } from '../../bridge.ts';
import { type Inbound, inboundType, StoreError } from '../library/key-store.ts';
import type { AuthenticationCreds, BinaryNode, Library, Socket } from '../library/library.ts';
import { sourceOf } from '../translate/key.ts';

type MakeRepository = Library['DEFAULT_CONNECTION_CONFIG']['makeSignalRepository'];

/** The part of the library's transactional key store that the journal needs, with open key types. */
interface TransactionalKeys {
  get(type: string, ids: string[]): Promise<Record<string, JournalEntry | undefined>>;
  set(data: Record<string, Record<string, Inbound>>): Promise<void>;
  transaction<T>(work: () => Promise<T>, key: string): Promise<T>;
}

export const hashOf = (ciphertext: Uint8Array): string => createHash('sha256').update(ciphertext).digest('hex');

/** The stanza with each ciphertext replaced by its hash: small, and enough to rebuild the message. */
function slim(library: Library, stanza: BinaryNode): Uint8Array {
  const content = !Array.isArray(stanza.content)
    ? stanza.content
    : stanza.content.map((child) =>
        child.tag === 'enc' && child.content instanceof Uint8Array
          ? { ...child, content: Buffer.from(hashOf(child.content), 'hex') }
          : child,
      );
  return library.encodeBinaryNode({ ...stanza, content } as BinaryNode);
}

type Named = Omit<Inbound, 'plain'>;

/** The stanza and sender of a plaintext; undefined for one whose stanza was not seen. */
function nameOf(library: Library, { me }: Partial<AuthenticationCreds>, stanza: BinaryNode | undefined): Named {
  if (!stanza) return { stanza: null, stanzaId: null, source: null };
  const { key } = library.decodeMessageNode(stanza, me?.id ?? '', me?.lid ?? '').fullMessage;
  return { stanza: slim(library, stanza), stanzaId: key.id ?? null, source: sourceOf(key) };
}

export interface InboundJournal {
  makeSignalRepository: MakeRepository;
  /** Call directly after makeWASocket, before any await, so that no stanza is missed. */
  watch(socket: Socket): void;
}

/**
 * Commits every decrypted plaintext in the transaction of its ratchet step, and answers a redelivered ciphertext from
 * there. The library acknowledges a message before it hands it over: without the journal, a crash in between would lose
 * it.
 */
export function createJournal(library: Library): InboundJournal {
  const stanzaOf = new WeakMap<Uint8Array, BinaryNode>(); // the same ciphertext object reaches decryption

  return {
    makeSignalRepository(auth, logger, lookup) {
      const repository = library.DEFAULT_CONNECTION_CONFIG.makeSignalRepository(auth, logger, lookup);
      const keys = auth.keys as unknown as TransactionalKeys;

      const journalled = async (decrypt: () => Promise<Uint8Array>, ciphertext: Uint8Array): Promise<Uint8Array> => {
        const hash = hashOf(ciphertext);
        const known = (await keys.get(inboundType, [hash]))[hash];
        if (known) return known.plain; // redelivered: a second ratchet step would fail
        const plain = await decrypt();
        const entry: Inbound = { plain: Buffer.from(plain), ...nameOf(library, auth.creds, stanzaOf.get(ciphertext)) };
        await keys.set({ [inboundType]: { [hash]: entry } });
        return plain;
      };
      // Uses the library's own lock key; a different one would let two encryptions for a person run at once.
      const through = (decrypt: () => Promise<Uint8Array>, key: string, ciphertext: Uint8Array) =>
        keys
          .transaction(() => journalled(decrypt, ciphertext), key)
          .catch((error: unknown) => {
            if (!(error instanceof StoreError)) throw error;
            // A rejection would make the library request a resend or acknowledge a loss. The store's failure hook
            // closes the socket, and WhatsApp delivers the message again at the next connect.
            return new Promise<Uint8Array>(() => {});
          });

      return {
        ...repository,
        decryptMessage: (options) => through(() => repository.decryptMessage(options), options.jid, options.ciphertext),
        decryptGroupMessage: (options) =>
          through(() => repository.decryptGroupMessage(options), options.group, options.msg),
      };
    },
    watch(socket) {
      socket.ws.on('CB:message', (stanza: BinaryNode) => {
        if (!Array.isArray(stanza.content)) return;
        for (const child of stanza.content) {
          if (child.content instanceof Uint8Array) stanzaOf.set(child.content, stanza);
        }
      });
    },
  };
}
