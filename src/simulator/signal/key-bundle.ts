import { type BinaryNode, encodeBigEndian, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import { childBytes, node, readUint } from '../wire/node.ts';
import type { KeyBundle } from './signal.ts';

const KEY_TYPE = Buffer.from([5]);

/** The answer to a request for a party's keys. */
export function bundleNode(jid: string, bundle: KeyBundle): BinaryNode {
  const { registrationId, identity, signedPreKey, preKey } = bundle;
  const content = [
    node('registration', {}, encodeBigEndian(registrationId)),
    node('type', {}, KEY_TYPE),
    node('identity', {}, identity),
    node('skey', {}, [
      node('id', {}, encodeBigEndian(signedPreKey.id, 3)),
      node('value', {}, signedPreKey.key),
      node('signature', {}, signedPreKey.signature),
    ]),
  ];
  if (preKey) {
    content.push(node('key', {}, [node('id', {}, encodeBigEndian(preKey.id, 3)), node('value', {}, preKey.key)]));
  }
  return node('user', { jid }, content);
}

export function readPreKey(key: BinaryNode): { id: number; key: Uint8Array } {
  return { id: readUint(childBytes(key, 'id')), key: childBytes(key, 'value') };
}

export function readSignedPreKey(parent: BinaryNode): KeyBundle['signedPreKey'] {
  const skey = getBinaryNodeChild(parent, 'skey');
  if (!skey) throw new Error('no signed pre-key');
  return { ...readPreKey(skey), signature: childBytes(skey, 'signature') };
}

/** The content of a device's upload: its keys, and a list of one-time keys. */
export function readUpload(iq: BinaryNode): {
  keys: Omit<KeyBundle, 'preKey'>;
  preKeys: ReturnType<typeof readPreKey>[];
} {
  return {
    keys: {
      registrationId: readUint(childBytes(iq, 'registration')),
      identity: childBytes(iq, 'identity'),
      signedPreKey: readSignedPreKey(iq),
    },
    preKeys: getBinaryNodeChildren(getBinaryNodeChild(iq, 'list'), 'key').map(readPreKey),
  };
}

/** The keys in a retry receipt from the second attempt on; undefined when there are none. */
export function readRetryKeys(receipt: BinaryNode): KeyBundle | undefined {
  const keys = getBinaryNodeChild(receipt, 'keys');
  if (!keys) return undefined;
  const preKey = getBinaryNodeChild(keys, 'key');
  return {
    registrationId: readUint(childBytes(receipt, 'registration')),
    identity: childBytes(keys, 'identity'),
    signedPreKey: readSignedPreKey(keys),
    preKey: preKey && readPreKey(preKey),
  };
}
