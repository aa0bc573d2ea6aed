import * as z from 'zod';
import { operation } from './define.ts';
import { GroupJid, Jid, peopleText } from './words.ts';

/** The address of a community. */
const Community = z.object({ community_jid: z.string() });

/** The subject; absent where WhatsApp sends none. */
const name = peopleText(1000).optional();

const SubGroupSchema = z.object({
  jid: GroupJid,
  name,
  /** Whether the account is a member. */
  joined: z.boolean(),
  /** The announcement group: every member belongs to it, and only admins can write. */
  is_announcement: z.boolean(),
});
export type SubGroup = z.output<typeof SubGroupSchema>;

const CommunityMemberSchema = z.object({
  /** The address in WhatsApp's answer. */
  jid: Jid,
  /** The PN and the LID, where WhatsApp sends them. */
  pn: Jid.optional(),
  lid: Jid.optional(),
  /** Admin of the community; the roles in its groups are independent. */
  is_admin: z.boolean(),
});
export type CommunityMember = z.output<typeof CommunityMemberSchema>;

const JoinedCommunitySchema = z.object({
  jid: GroupJid,
  name,
  /** The member groups that the account is also in. */
  joined_groups: z.array(GroupJid),
});
export type JoinedCommunity = z.output<typeof JoinedCommunitySchema>;

/**
 * Errors for one community: `invalid_input` for a group that is not a community, `not_found`, `not_permitted` when the
 * account is not a member.
 */
export const communities = {
  'communities.list': operation({
    summary: 'The communities that the account is in; what is told of them is stored.',
    effect: 'read',
    repeat: 'safe',
    route: ['whatsmeow', 'baileys'],
    input: z.object({}),
    output: z.object({ communities: z.array(JoinedCommunitySchema) }),
  }),
  'communities.groups': operation({
    summary: 'The groups of a community, those that the account has not joined as well.',
    effect: 'read',
    repeat: 'safe',
    route: ['whatsmeow', 'baileys'],
    input: Community,
    output: z.object({ name, groups: z.array(SubGroupSchema) }),
  }),
  'communities.members': operation({
    summary: 'Everybody in the groups of a community, each address once.',
    effect: 'read',
    repeat: 'safe',
    route: ['whatsmeow', 'baileys'],
    lookup: { cacheSeconds: 60, rateLimited: false }, // so that the pages of a long list share one request
    input: Community,
    output: z.object({ name, members: z.array(CommunityMemberSchema) }),
  }),
};
