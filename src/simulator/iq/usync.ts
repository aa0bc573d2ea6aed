import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren, jidNormalizedUser } from '@whiskeysockets/baileys';
import type { Account } from '../account.ts';
import { children, node } from '../node.ts';
import type { IqHandlers } from './handler.ts';

/** Device 0 is the phone; companions must come with their key index, or Baileys leaves them out. */
function devicesOf(account: Account, jid: string): BinaryNode {
  const companions = account.isMe(jid) ? [...account.devices.values()] : [];
  const list = [
    node('device', { id: 0 }),
    ...companions.map(({ number, keyIndex }) => node('device', { id: number, 'key-index': keyIndex })),
  ];
  return node('devices', {}, [node('device-list', {}, list)]);
}

function lidOf(account: Account, jid: string): string | undefined {
  return account.isMe(jid) ? account.me.lid : account.person(jid)?.lid;
}

function protocolAnswer(account: Account, protocol: string, jid: string): BinaryNode {
  const known = account.isMe(jid) || account.person(jid) !== undefined;
  if (protocol === 'devices' && known) return devicesOf(account, jid);
  if (protocol === 'lid') return node('lid', { val: lidOf(account, jid) });
  if (protocol === 'contact') return node('contact', { type: known ? 'in' : 'out' });
  if (protocol === 'status') return node('status', { code: known ? 401 : 404 });
  return node(protocol);
}

/** A user is named by JID, or by a phone number inside the contact element. */
function jidOf(user: BinaryNode): string {
  if (user.attrs['jid']) return jidNormalizedUser(user.attrs['jid']);
  const phone = getBinaryNodeChild(user, 'contact')?.content;
  const digits = (phone instanceof Uint8Array ? Buffer.from(phone).toString() : String(phone ?? '')).replace(/\D/g, '');
  return `${digits}@s.whatsapp.net`;
}

/** What is known about people: their devices, their LID, whether they are on WhatsApp at all. */
export const usync: IqHandlers = {
  'usync/get/usync': ({ realm, iq }) => {
    const request = getBinaryNodeChild(iq, 'usync');
    const protocols = children(getBinaryNodeChild(request, 'query')).map(({ tag }) => tag);
    const users = getBinaryNodeChildren(getBinaryNodeChild(request, 'list'), 'user').map((user) => {
      const jid = jidOf(user);
      return node(
        'user',
        { jid },
        protocols.map((protocol) => protocolAnswer(realm.account, protocol, jid)),
      );
    });
    return { content: [node('usync', { sid: request?.attrs['sid'] }, [node('list', {}, users)])] };
  },
};
