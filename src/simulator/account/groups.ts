import { type BinaryNode, toNumber } from '@whiskeysockets/baileys';
import { announceIdle, type Events } from '../events.ts';
import { node, seconds } from '../wire/node.ts';
import { newMessageId } from '../wire/stanza-id.ts';
import type { World, WorldChat } from '../world/world.ts';
import type { Account } from './account.ts';

type Rank = 'member' | 'admin' | 'superadmin';

/** A change that a party makes to a group. */
export type GroupChange =
  | { kind: 'subject'; subject: string }
  | {
      kind: 'add' | 'remove' | 'promote' | 'demote';
      members: readonly string[];
      /** The phone number to report for a member, by LID; the right one by default. */
      numbers?: Readonly<Record<string, string>>;
    };

/** What a change of a group affects besides the group. */
interface GroupContext {
  account: Account;
  events: Events;
}

/** The current state of a group. */
interface Group {
  jid: string;
  subject: string;
  created: number;
  creator: string | undefined;
  parent: string | undefined;
  isCommunity: boolean;
  /** The announcement group of its community: everyone in the community is a member, only admins write. */
  isAnnouncement: boolean;
  left: boolean;
  members: Map<string, Rank>;
}

const ranks: readonly Rank[] = ['member', 'admin', 'superadmin'];

function groupOf({ jid, conversation, participants = [], left }: WorldChat, isMe: (jid: string) => boolean): Group {
  const members = left ? participants.filter((member) => !isMe(member)) : participants;
  const named = new Map(conversation.participant?.map(({ userJid, rank }) => [userJid, ranks[rank ?? 0] ?? 'member']));
  return {
    jid,
    subject: conversation.name ?? '',
    created: toNumber(conversation.createdAt ?? 0),
    creator: conversation.createdBy ?? undefined,
    parent: conversation.parentGroupId ?? undefined,
    isCommunity: conversation.isParentGroup ?? false,
    isAnnouncement: conversation.isDefaultSubgroup ?? false,
    left: left ?? false,
    members: new Map(members.map((member) => [member, named.get(member) ?? 'member'])),
  };
}

/** The groups of a world, and their changes while the simulator runs. */
export class Groups {
  private readonly groups: Map<string, Group>;

  constructor(world: World) {
    const isMe = (jid: string) => jid === world.me.pn || jid === world.me.lid;
    const all = world.chats.filter(({ jid }) => jid.endsWith('@g.us')).map((chat) => groupOf(chat, isMe));
    this.groups = new Map(all.map((group) => [group.jid, group]));
  }

  /** The groups that the account is a member of. */
  joined(): Group[] {
    return [...this.groups.values()].filter(({ left }) => !left);
  }

  /** The groups of a community, whether or not the account is a member. */
  inCommunity(jid: string): Group[] {
    return [...this.groups.values()].filter(({ parent }) => parent === jid);
  }

  get(jid: string): Group | undefined {
    return this.groups.get(jid);
  }

  /** The party `by` changes a group; every linked device is notified. */
  change(context: GroupContext, jid: string, by: string, change: GroupChange): void {
    const group = this.groups.get(jid);
    if (!group) throw new Error('no such group');
    apply(context.account, group, change);
    this.announce(context, group, by, contentOf(context.account, change));
  }

  /** The account becomes a member of a new group. */
  create(context: GroupContext, by: string, subject: string, members: readonly string[]): string {
    const created = seconds();
    const jid = `1203639${String(created).slice(-6)}${String(this.groups.size).padStart(5, '0')}@g.us`;
    const group: Group = {
      ...{
        jid,
        subject,
        created,
        creator: by,
        parent: undefined,
        isCommunity: false,
        isAnnouncement: false,
        left: false,
      },
      members: new Map([[by, 'superadmin'], ...members.map((member): [string, Rank] => [member, 'member'])]),
    };
    this.groups.set(jid, group);
    this.announce(context, group, by, node('create', { type: 'new' }, [groupNode(context.account, group)]));
    return jid;
  }

  private announce(context: GroupContext, group: Group, by: string, content: BinaryNode): void {
    const other = otherAddress(context.account, by);
    const actor = by.endsWith('@lid') ? { participant_pn: other } : { participant_lid: other };
    const attrs = { from: group.jid, type: 'w:gp2', id: newMessageId(), participant: by, ...actor, t: seconds() };
    for (const device of context.account.devices.values()) {
      device.deliver(node('notification', attrs, [content]));
      announceIdle(context, device);
    }
  }
}

function apply(account: Account, group: Group, change: GroupChange): void {
  if (change.kind === 'subject') {
    group.subject = change.subject;
    return;
  }
  for (const member of change.members) {
    if (account.isMe(member)) group.left = change.kind === 'remove';
    if (change.kind === 'remove') group.members.delete(member);
    else group.members.set(member, change.kind === 'promote' ? 'admin' : 'member');
  }
}

function contentOf(account: Account, change: GroupChange): BinaryNode {
  if (change.kind === 'subject') return node('subject', { subject: change.subject, s_t: seconds() });
  return node(
    change.kind,
    {},
    change.members.map((member) => participantNode(account, member, 'member', change.numbers?.[member])),
  );
}

function otherAddress(account: Account, jid: string): string | undefined {
  const party = account.isMe(jid) ? account.me : account.person(jid);
  return jid.endsWith('@lid') ? party?.pn : party?.lid;
}

function participantNode(account: Account, jid: string, rank: Rank = 'member', told?: string): BinaryNode {
  const other = told ?? otherAddress(account, jid);
  const alternative = jid.endsWith('@lid') ? { phone_number: other } : { lid: other };
  return node('participant', { jid, ...alternative, type: rank === 'member' ? undefined : rank });
}

/** A group in the form of a query's answer. */
export function groupNode(account: Account, group: Group): BinaryNode {
  const lid = [...group.members.keys()].some((member) => member.endsWith('@lid'));
  const attributes = {
    id: group.jid.split('@')[0],
    subject: group.subject,
    creation: group.created,
    s_t: group.created,
    creator: group.creator,
    addressing_mode: lid ? 'lid' : 'pn',
  };
  const content = [...group.members].map(([member, rank]) => participantNode(account, member, rank));
  if (group.isCommunity) content.push(node('parent'));
  if (group.parent) content.push(node('linked_parent', { jid: group.parent }));
  if (group.isAnnouncement) content.push(node('default_sub_group'), node('announcement'));
  return node('group', attributes, content);
}

/** A group of a community in the form of its list. */
export function subGroupNode({ jid, subject, created, creator, isAnnouncement, members }: Group): BinaryNode {
  const attributes = { id: jid.split('@')[0], subject, s_t: created, creation: created, creator, size: members.size };
  return node('group', attributes, isAnnouncement ? [node('default_sub_group')] : undefined);
}

/** Every member of these groups once, by LID where there is one. */
export function everyMember(account: Account, groups: readonly Group[]): BinaryNode[] {
  const people = groups.flatMap(({ members }) => [...members.keys()]).map((jid) => lidOf(account, jid) ?? jid);
  return [...new Set(people)].map((jid) => participantNode(account, jid));
}

const lidOf = (account: Account, jid: string): string | undefined =>
  jid.endsWith('@lid') ? jid : otherAddress(account, jid);
