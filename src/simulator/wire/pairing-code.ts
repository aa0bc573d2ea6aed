import { randomBytes } from 'node:crypto';
import {
  aesDecryptCTR,
  aesDecryptGCM,
  aesEncryptCTR,
  type BinaryNode,
  Curve,
  derivePairingCodeKey,
  hkdf,
  type KeyPair,
} from '@whiskeysockets/baileys';
import { childBytes, node, SERVER, seconds } from './node.ts';
import { newMessageId } from './stanza-id.ts';

/** A code that the phone cannot accept; the message is for a person. */
export class WrongCode extends Error {}

/** Normalises a code to letters and digits, whatever its typed format. */
const typed = (code: string): string => code.replace(/[^0-9a-z]/gi, '').toUpperCase();

/** Encrypts a public key with the code: salt, IV and the key in AES-CTR. */
async function wrap(key: Uint8Array, code: string): Promise<Buffer> {
  const [salt, iv] = [randomBytes(32), randomBytes(16)];
  return Buffer.concat([salt, iv, aesEncryptCTR(key, await derivePairingCodeKey(code, salt), iv)]);
}

async function unwrap(wrapped: Buffer, code: string): Promise<Buffer> {
  const key = await derivePairingCodeKey(code, wrapped.subarray(0, 32));
  return aesDecryptCTR(wrapped.subarray(48), key, wrapped.subarray(32, 48));
}

/** A client that shows a code and waits for it to be typed on the phone of one number. */
export class CodeOffer {
  /** Digits of the number. */
  readonly phone: string;
  readonly ref = Buffer.from(`3@${randomBytes(24).toString('base64url')}`);
  private readonly wrapped: Buffer;
  private answer: ((bundle: Buffer | undefined) => void) | undefined;

  /** From the client's `companion_hello`. */
  constructor(hello: BinaryNode) {
    this.phone = (hello.attrs['jid'] ?? '').replace(/\D/g, '');
    this.wrapped = childBytes(hello, 'link_code_pairing_wrapped_companion_ephemeral_pub');
  }

  /** The client's `companion_finish`. */
  finish(finish: BinaryNode): void {
    this.answer?.(childBytes(finish, 'link_code_pairing_wrapped_key_bundle'));
  }

  /** The client is gone. */
  abandon(): void {
    this.answer?.(undefined);
  }

  /**
   * The phone's part, with the typed code. Resolves with the secret that proves the phone's signature to the client,
   * base64; throws WrongCode when the client showed another code, or has left.
   */
  async exchange(
    code: string,
    phone: KeyPair,
    companion: Uint8Array,
    send: (stanza: BinaryNode) => void,
  ): Promise<string> {
    const own = Curve.generateKeyPair();
    const shared = Curve.sharedKey(own.private, await unwrap(this.wrapped, typed(code)));
    const finished = new Promise<Buffer | undefined>((resolve) => {
      this.answer = resolve;
    });
    send(this.primaryHello(await wrap(own.public, typed(code)), phone.public));
    const bundle = await finished;
    const random = bundle && openBundle(bundle, shared, companion, phone.public);
    if (!random) throw new WrongCode('This is not the code that the client shows.');
    const identity = Curve.sharedKey(phone.private, companion);
    return Buffer.from(hkdf(Buffer.concat([shared, identity, random]), 32, { info: 'adv_secret' })).toString('base64');
  }

  private primaryHello(wrapped: Buffer, identity: Uint8Array): BinaryNode {
    const attrs = { from: SERVER, type: 'link_code_companion_reg', id: newMessageId(), t: seconds() };
    return node('notification', attrs, [
      node('link_code_companion_reg', { stage: 'primary_hello' }, [
        node('link_code_pairing_wrapped_primary_ephemeral_pub', {}, wrapped),
        node('primary_identity_pub', {}, identity),
        node('link_code_pairing_ref', {}, this.ref),
      ]),
    ]);
  }
}

/** The client's random part of the secret; undefined when the bundle was not made for these keys. */
function openBundle(bundle: Buffer, shared: Uint8Array, companion: Uint8Array, phone: Uint8Array): Buffer | undefined {
  const [salt, iv, sealed] = [bundle.subarray(0, 32), bundle.subarray(32, 44), bundle.subarray(44)];
  const key = hkdf(shared, 32, { salt, info: 'link_code_pairing_key_bundle_encryption_key' });
  try {
    const plain = Buffer.from(aesDecryptGCM(sealed, key, iv, Buffer.alloc(0)));
    const named = Buffer.concat([companion, phone]);
    return plain.subarray(0, 64).equals(named) ? plain.subarray(64) : undefined;
  } catch {
    return undefined;
  }
}
