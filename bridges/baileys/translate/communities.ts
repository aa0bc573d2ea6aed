import type { Chat, LidPair, Member } from '../../../src/domain/chat.ts';
import { isLid, isPn, normalizeJid } from '../../../src/domain/jid.ts';
import { lidPair } from '../../../src/domain/lid-pair.ts';
import type { CommunityMember, JoinedCommunity, SubGroup } from '../../operations/communities.ts';
import type { BinaryNode } from '../library/library.ts';
import { chatOfGroup } from './chat.ts';
import { membersOfGroup, type WireMember } from './member.ts';
import { childOf, childrenOf } from './stanza.ts';
import { text } from './wire.ts';

/** A group from WhatsApp's answer, with the names of the library's own parser where it has them. */
export interface DescribedGroup {
  id: string;
  subject?: string;
  linkedParent?: string;
  isCommunity: boolean;
  isAnnouncement: boolean;
  participants: WireMember[];
}

/** The rows of a description of communities. */
export interface CommunityRows {
  chats: Chat[];
  settings: Chat[];
  members: Member[];
  lidPairs: LidPair[];
}

const present = <T>(value: T | undefined): value is T => value !== undefined;

/** Some answers give the full address of a group, others only the user part. */
function groupAddress({ jid, id }: BinaryNode['attrs']): string | undefined {
  const named = jid ?? id ?? '';
  return normalizeJid(named.includes('@') ? named : `${named}@g.us`);
}

function memberOf({ attrs }: BinaryNode): WireMember | undefined {
  const id = normalizeJid(attrs['jid']);
  if (id === undefined) return undefined;
  const { phone_number, lid, type } = attrs;
  return {
    id,
    phoneNumber: normalizeJid(phone_number),
    lid: normalizeJid(lid),
    admin: type === 'admin' || type === 'superadmin' ? type : null,
  };
}

function groupOf(node: BinaryNode): DescribedGroup | undefined {
  const id = groupAddress(node.attrs);
  if (id === undefined) return undefined;
  const subject = text(node.attrs['subject']);
  const linkedParent = normalizeJid(childOf(node, 'linked_parent')?.attrs['jid']);
  return {
    id,
    ...(subject !== undefined && { subject }),
    ...(linkedParent !== undefined && { linkedParent }),
    isCommunity: childOf(node, 'parent') !== undefined,
    isAnnouncement: childOf(node, 'default_sub_group') !== undefined,
    participants: childrenOf(node, 'participant').map(memberOf).filter(present),
  };
}

const groupsIn = (list: BinaryNode | undefined): DescribedGroup[] =>
  childrenOf(list, 'group').map(groupOf).filter(present);

/** The requested group; undefined when the answer has none. */
export const describedGroup = (answer: BinaryNode): DescribedGroup | undefined => groupsIn(answer)[0];

/** The groups of the account; undefined when the answer has no list. */
export function joinedGroups(answer: BinaryNode): DescribedGroup[] | undefined {
  const list = childOf(answer, 'groups');
  return list && groupsIn(list);
}

/** The communities among the groups of the account. */
export function joinedCommunities(joined: readonly DescribedGroup[]): JoinedCommunity[] {
  return joined
    .filter(({ isCommunity }) => isCommunity)
    .map(({ id, subject }) => ({
      jid: id,
      ...(subject !== undefined && { name: subject }),
      joined_groups: joined.filter(({ linkedParent }) => linkedParent === id).map((group) => group.id),
    }));
}

/** The rows of communities, which are chats without messages, and of their groups, which may wait for their chats. */
export function communityRows(joined: readonly DescribedGroup[], nowMs: number): CommunityRows {
  const parents = joined.filter(({ isCommunity }) => isCommunity);
  const linked = joined.filter(({ linkedParent }) => linkedParent !== undefined);
  const pairs = parents
    .flatMap(({ participants }) => participants)
    .map((one) => lidPair(one.id, one.phoneNumber ?? one.lid));
  return {
    chats: parents.map((group) => chatOfGroup(group, nowMs)).filter(present),
    settings: linked.map((group) => chatOfGroup({ ...group, participants: [] }, nowMs)).filter(present),
    members: parents.flatMap((group) => membersOfGroup(group, nowMs)),
    lidPairs: pairs.filter(present),
  };
}

/**
 * The groups of a community: its own list, completed by the groups of the account where that list is partial. Undefined
 * when the answer has no list.
 */
export function subGroups(
  answer: BinaryNode,
  community: string,
  joined: readonly DescribedGroup[],
): SubGroup[] | undefined {
  const list = childOf(answer, 'sub_groups');
  if (!list) return undefined;
  const own = joined.filter(({ linkedParent }) => linkedParent === community);
  const groups = new Map<string, SubGroup>();
  for (const { id, subject, isAnnouncement } of [...groupsIn(list), ...own]) {
    const before = groups.get(id);
    const name = before?.name ?? subject;
    groups.set(id, {
      jid: id,
      ...(name !== undefined && { name }),
      joined: joined.some((group) => group.id === id),
      is_announcement: isAnnouncement || before?.is_announcement === true,
    });
  }
  return [...groups.values()];
}

/**
 * All members of a community's groups; the community itself lists its admins. Undefined when the answer has no list.
 */
export function communityMembers(answer: BinaryNode, community: DescribedGroup): CommunityMember[] | undefined {
  const list = childOf(answer, 'linked_groups_participants');
  if (!list) return undefined;
  const listed = childrenOf(list, 'participant').map(memberOf).filter(present);
  const admins = new Set(community.participants.filter(({ admin }) => admin).flatMap(addressesOf));
  const seen = new Set<string>();
  return [...listed, ...community.participants].flatMap((one): CommunityMember[] => {
    const addresses = addressesOf(one);
    const [jid] = addresses;
    if (jid === undefined || addresses.some((address) => seen.has(address))) return [];
    for (const address of addresses) seen.add(address);
    const pn = addresses.find(isPn);
    const lid = addresses.find(isLid);
    const is_admin = addresses.some((address) => admins.has(address));
    return [{ jid, ...(pn !== undefined && { pn }), ...(lid !== undefined && { lid }), is_admin }];
  });
}

/** The address used, and the other one where WhatsApp sends it. */
function addressesOf({ id, phoneNumber, lid }: WireMember): string[] {
  return [id, id !== undefined && isLid(id) ? phoneNumber : lid].filter((jid) => jid !== undefined);
}
