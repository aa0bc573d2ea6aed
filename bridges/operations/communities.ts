import * as z from 'zod';
import { operation } from './define.ts';
import { GroupJid, Jid, peopleText } from './words.ts';

/** What is asked about: the address of a community. */
const Community = z.object({ community_jid: z.string() });

/** Subjects are those that WhatsApp tells; absent where it tells none. */
const name = peopleText(1000).optional();

const SubGroupSchema = z.object({
  jid: GroupJid,
  name,
  /** Whether the account is in it. */
  joined: z.boolean(),
  /** The group to which every member of the community belongs, and in which its admins alone write. */
  is_announcement: z.boolean(),
});
export type SubGroup = z.output<typeof SubGroupSchema>;

const CommunityMemberSchema = z.object({
  /** The address that WhatsApp used. */
  jid: Jid,
  /** The address with the number, and the one without, where they are told. */
  pn: Jid.optional(),
  lid: Jid.optional(),
  /** Of the community, whatever they are in its groups. */
  is_admin: z.boolean(),
});
export type CommunityMember = z.output<typeof CommunityMemberSchema>;

const JoinedCommunitySchema = z.object({
  jid: GroupJid,
  name,
  /** Those of its groups that the account is in. */
  joined_groups: z.array(GroupJid),
});
export type JoinedCommunity = z.output<typeof JoinedCommunitySchema>;

/**
 * Errors about one community: `invalid_input` for a group that is none, `not_found`, `not_permitted` where the account is
 * not in it.
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
    lookup: { cacheSeconds: 60, rateLimited: false }, // for the pages of a long list
    input: Community,
    output: z.object({ name, members: z.array(CommunityMemberSchema) }),
  }),
};
