import type { BinaryNode } from '@whiskeysockets/baileys';
import { everyMember, groupNode, subGroupNode } from '../account/groups.ts';
import { node } from '../wire/node.ts';
import type { IqAnswer, IqHandlers, IqRequest } from './handler.ts';
import { badRequest } from './handler.ts';

type Groups = IqRequest['context']['groups'];

const notFound: IqAnswer = { error: 404, text: 'item-not-found' };
const forbidden: IqAnswer = { error: 403, text: 'forbidden' };

/** Answers a query about a group for its members. */
function ofGroup(groups: Groups, jid: string, answer: (group: NonNullable<ReturnType<Groups['get']>>) => IqAnswer) {
  const group = groups.get(jid);
  if (!group) return notFound;
  return group.left ? forbidden : answer(group);
}

const list = (tag: string, content: BinaryNode[]): IqAnswer => ({ content: [node(tag, {}, content)] });

/** Read queries about groups and communities. */
export const groups: IqHandlers = {
  'w:g2/get/query': ({ context, iq }) =>
    ofGroup(context.groups, iq.attrs['to'] ?? '', (group) => ({ content: [groupNode(context.account, group)] })),
  'w:g2/get/participating': ({ context }) =>
    list(
      'groups',
      context.groups.joined().map((group) => groupNode(context.account, group)),
    ),
  'w:g2/get/sub_groups': ({ context, iq }) =>
    ofGroup(context.groups, iq.attrs['to'] ?? '', ({ jid, isCommunity }) =>
      isCommunity ? list('sub_groups', context.groups.inCommunity(jid).map(subGroupNode)) : badRequest,
    ),
  'w:g2/get/linked_groups_participants': ({ context, iq }) =>
    ofGroup(context.groups, iq.attrs['to'] ?? '', ({ jid, isCommunity }) =>
      isCommunity
        ? list('linked_groups_participants', everyMember(context.account, context.groups.inCommunity(jid)))
        : badRequest,
    ),
};
