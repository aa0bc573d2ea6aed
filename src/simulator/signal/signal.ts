import {
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  encodeWAMessage,
  generateRegistrationId,
  type KeyPair,
  type proto,
  type SignalRepositoryWithLIDStore,
  signedKeyPair,
} from '@whiskeysockets/baileys';
import { typed } from '../wire/keys.ts';
import { MemoryKeyStore } from './key-store.ts';
import { SenderKey } from './sender-key.ts';

/**
 * The keys that a device publishes so that others can start a session with it. Public keys are 32 bytes, without the
 * type byte.
 */
export interface KeyBundle {
  registrationId: number;
  identity: Uint8Array;
  signedPreKey: { id: number; key: Uint8Array; signature: Uint8Array };
  preKey?: { id: number; key: Uint8Array } | undefined;
}

export interface Ciphertext {
  type: 'pkmsg' | 'msg' | 'skmsg';
  bytes: Uint8Array;
}

const silent = {
  level: 'silent',
  child: () => silent,
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
};

/** One device that speaks Signal: the phone, or a contact's. Addresses are device JIDs in LID form. */
export class SignalDevice {
  readonly identity: KeyPair;
  private readonly registrationId = generateRegistrationId();
  private readonly signedPreKey;
  private readonly keys = new MemoryKeyStore();
  private readonly sessions: SignalRepositoryWithLIDStore;
  private readonly senderKeys = new Map<string, SenderKey>();
  private nextPreKeyId = 1;

  constructor(identity: KeyPair = Curve.generateKeyPair()) {
    this.identity = identity;
    this.signedPreKey = signedKeyPair(identity, 1);
    const creds = {
      signedIdentityKey: identity,
      signedPreKey: this.signedPreKey,
      registrationId: this.registrationId,
    };
    this.sessions = DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds, keys: this.keys }, silent);
  }

  /** A bundle with a one-time key that is handed out only once. */
  bundle(): KeyBundle {
    const id = this.nextPreKeyId++;
    const preKey = Curve.generateKeyPair();
    this.keys.set({ 'pre-key': { [id]: preKey } });
    const { keyId, keyPair, signature } = this.signedPreKey;
    return {
      registrationId: this.registrationId,
      identity: this.identity.public,
      signedPreKey: { id: keyId, key: keyPair.public, signature },
      preKey: { id, key: preKey.public },
    };
  }

  /** Encrypts for one device; calls `fetch` for its bundle when there is no session yet. */
  async encrypt(address: string, message: proto.IMessage, fetch: () => KeyBundle): Promise<Ciphertext> {
    if (!(await this.sessions.validateSession(address)).exists) await this.start(address, fetch());
    const { type, ciphertext } = await this.sessions.encryptMessage({ jid: address, data: encodeWAMessage(message) });
    return { type, bytes: ciphertext };
  }

  /** Replaces the session with a device, for example after a retry receipt. */
  async restart(address: string, bundle: KeyBundle): Promise<void> {
    await this.sessions.deleteSession([address]);
    await this.start(address, bundle);
  }

  /** Encrypts for a group with this device's sender key; `distribution` is what a device needs to read it. */
  encryptForGroup(group: string, message: proto.IMessage): Ciphertext & { distribution: Uint8Array } {
    const key = this.senderKeys.get(group) ?? new SenderKey();
    this.senderKeys.set(group, key);
    const distribution = key.distribution();
    return { type: 'skmsg', bytes: key.encrypt(encodeWAMessage(message)), distribution };
  }

  /** Decrypts a message of a linked device to this one; the result is still padded. */
  async decrypt(address: string, type: 'pkmsg' | 'msg', bytes: Uint8Array): Promise<Uint8Array> {
    return this.sessions.decryptMessage({ jid: address, type, ciphertext: bytes });
  }

  /** Stores a sender's key, so that this device can read that sender's messages in the group. */
  async learnSenderKey(author: string, item: proto.Message.ISenderKeyDistributionMessage): Promise<void> {
    await this.sessions.processSenderKeyDistributionMessage({ item, authorJid: author });
  }

  /** Decrypts a group message of a linked device; the result is still padded. Throws without the sender's key. */
  async decryptInGroup(author: string, group: string, bytes: Uint8Array): Promise<Uint8Array> {
    return this.sessions.decryptGroupMessage({ group, authorJid: author, msg: bytes });
  }

  private async start(address: string, bundle: KeyBundle): Promise<void> {
    const { registrationId, identity, signedPreKey, preKey } = bundle;
    await this.sessions.injectE2ESession({
      jid: address,
      session: {
        registrationId,
        identityKey: typed(identity),
        signedPreKey: {
          keyId: signedPreKey.id,
          publicKey: typed(signedPreKey.key),
          signature: Buffer.from(signedPreKey.signature),
        },
        ...(preKey && { preKey: { keyId: preKey.id, publicKey: typed(preKey.key) } }),
      },
    });
  }
}
