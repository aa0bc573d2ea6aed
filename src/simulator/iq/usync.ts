import {
  type BinaryNode,
  getBinaryNodeChild,
  getBinaryNodeChildren,
  jidNormalizedUser,
  proto,
} from '@whiskeysockets/baileys';
import type { Account } from '../account/account.ts';
import { children, node } from '../wire/node.ts';
import type { Person } from '../world/world.ts';
import type { IqHandlers } from './handler.ts';

/** A queried person: by JID, or by a phone number inside the contact element. */
interface Asked {
  jid: string;
  /** The number in the client's format. */
  phone: string | undefined;
}

/** Device 0 is the phone; companions must have their key index, or Baileys leaves them out. */
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

/** The name that WhatsApp has verified; undefined for persons. */
function businessOf(person: Person | undefined): BinaryNode {
  if (!person?.business) return node('business');
  const details = proto.VerifiedNameCertificate.Details.encode({ verifiedName: person.pushName, issuer: 'smb:wa' });
  const certificate = proto.VerifiedNameCertificate.encode({ details: details.finish() }).finish();
  return node('business', {}, [node('verified_name', { v: 1, verified_level: 'unknown' }, certificate)]);
}

function aboutOf(known: boolean, person: Person | undefined): BinaryNode {
  if (!known) return node('status', { code: 404 });
  const about = person?.about;
  if (about === 'hidden') return node('status', { code: 401 });
  return about ? node('status', { t: about.setAt }, Buffer.from(about.text)) : node('status', { t: 0 });
}

function protocolAnswer(account: Account, protocol: string, { jid, phone }: Asked): BinaryNode {
  const person = account.person(jid);
  const known = account.isMe(jid) || person !== undefined;
  if (protocol === 'devices' && known) return devicesOf(account, jid);
  if (protocol === 'lid') return node('lid', { val: lidOf(account, jid) });
  if (protocol === 'contact') return node('contact', { type: known ? 'in' : 'out' }, phone && Buffer.from(phone));
  if (protocol === 'business') return businessOf(person);
  if (protocol === 'status') return aboutOf(known, person);
  return node(protocol);
}

function askedAbout(user: BinaryNode): Asked {
  if (user.attrs['jid']) return { jid: jidNormalizedUser(user.attrs['jid']), phone: undefined };
  const written = getBinaryNodeChild(user, 'contact')?.content;
  const phone = written instanceof Uint8Array ? Buffer.from(written).toString() : String(written ?? '');
  return { jid: `${phone.replace(/\D/g, '')}@s.whatsapp.net`, phone };
}

/** Queries about people: their devices, their LID, their about text, and whether they are on WhatsApp. */
export const usync: IqHandlers = {
  'usync/get/usync': ({ context, iq }) => {
    const request = getBinaryNodeChild(iq, 'usync');
    const protocols = children(getBinaryNodeChild(request, 'query')).map(({ tag }) => tag);
    const users = getBinaryNodeChildren(getBinaryNodeChild(request, 'list'), 'user').map((user) => {
      const asked = askedAbout(user);
      return node(
        'user',
        { jid: asked.jid },
        protocols.map((protocol) => protocolAnswer(context.account, protocol, asked)),
      );
    });
    return { content: [node('usync', { sid: request?.attrs['sid'] }, [node('list', {}, users)])] };
  },
};
