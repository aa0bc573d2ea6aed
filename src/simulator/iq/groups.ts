import type { BinaryNode } from '@whiskeysockets/baileys';
import { toNumber } from '@whiskeysockets/baileys';
import type { Account } from '../account.ts';
import { node } from '../node.ts';
import type { WorldChat } from '../world/world.ts';
import type { IqHandlers } from './handler.ts';

function participantNode(account: Account, jid: string): BinaryNode {
  const person = account.person(jid);
  const other = jid.endsWith('@lid') ? { phone_number: person?.pn } : { lid: person?.lid };
  return node('participant', { jid, ...other });
}

function groupNode(account: Account, { jid, conversation, participants = [] }: WorldChat): BinaryNode {
  const lid = participants.some((participant) => participant.endsWith('@lid'));
  const created = toNumber(conversation.createdAt ?? 0);
  const attributes = {
    id: jid.split('@')[0],
    subject: conversation.name ?? '',
    creation: created,
    s_t: created,
    creator: conversation.createdBy ?? undefined,
    addressing_mode: lid ? 'lid' : 'pn',
  };
  const content = participants.map((participant) => participantNode(account, participant));
  if (conversation.isParentGroup) content.push(node('parent'));
  if (conversation.parentGroupId) content.push(node('linked_parent', { jid: conversation.parentGroupId }));
  return node('group', attributes, content);
}

function isGroup({ jid }: WorldChat): boolean {
  return jid.endsWith('@g.us');
}

/** Groups, as far as reading goes. */
export const groups: IqHandlers = {
  'w:g2/get/query': ({ realm, iq }) => {
    const chat = realm.world.chats.find(({ jid }) => jid === iq.attrs['to'] && jid.endsWith('@g.us'));
    return chat ? { content: [groupNode(realm.account, chat)] } : { error: 404, text: 'item-not-found' };
  },
  'w:g2/get/participating': ({ realm }) => ({
    content: [
      node(
        'groups',
        {},
        realm.world.chats.filter(isGroup).map((chat) => groupNode(realm.account, chat)),
      ),
    ],
  }),
};
