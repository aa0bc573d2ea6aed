import { createHash } from 'node:crypto';
import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import type { SimulatorContext } from '../context.ts';
import { bundleNode, readSignedPreKey, readUpload } from '../signal/key-bundle.ts';
import { node } from '../wire/node.ts';
import { empty, type IqHandlers, unauthorized } from './handler.ts';

function bundleFor(context: SimulatorContext, jid: string): BinaryNode {
  const bundle = context.account.takeBundle(jid);
  if (bundle) return bundleNode(jid, bundle);
  return node('user', { jid }, [node('error', { code: 404, text: 'item-not-found' })]);
}

/** Requests about Signal keys. */
export const encrypt: IqHandlers = {
  'encrypt/get/count': ({ context, device }) =>
    device ? { content: [node('count', { value: device.preKeyCount || Number(context.fewKeys) })] } : unauthorized,
  'encrypt/set/registration': ({ device, iq }) => {
    if (!device) return unauthorized;
    const { keys, preKeys } = readUpload(iq);
    device.publish(keys, preKeys);
    return empty;
  },
  'encrypt/set/rotate': ({ device, iq }) => {
    const rotate = getBinaryNodeChild(iq, 'rotate');
    if (!device || !rotate) return unauthorized;
    device.publish({ signedPreKey: readSignedPreKey(rotate) }, []);
    return empty;
  },
  'encrypt/get/digest': ({ device }) => {
    if (!device) return unauthorized;
    const hash = createHash('sha1').update(device.noiseKey).digest();
    return { content: [node('digest', {}, [node('hash', {}, hash)])] };
  },
  'encrypt/get/key': ({ context, iq }) => {
    const users = getBinaryNodeChildren(getBinaryNodeChild(iq, 'key'), 'user');
    const found = users.map(({ attrs }) => bundleFor(context, attrs['jid'] ?? ''));
    return { content: [node('list', {}, found)] };
  },
};
