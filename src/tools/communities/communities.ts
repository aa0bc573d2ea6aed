import * as z from 'zod';
import { bridgeIds } from '../../../bridges/bridge.ts';
import { shownName } from '../../domain/names.ts';
import { defineTool } from '../define.ts';
import { Cursor, limit, Recipient } from '../params.ts';
import { freshness, freshnessFields } from '../result/freshness.ts';
import { fitPage, pageEnd, pageFields } from '../result/page.ts';
import { refreshFields, tryRefresh } from '../result/refresh.ts';
import {
  CommunityLineSchema,
  GroupLineSchema,
  groupLines,
  listedAt,
  MemberLineSchema,
  memberLine,
  memberLines,
  pageBehind,
  placeLine,
  toCommunityViews,
} from './view.ts';

const CommunityJid = Recipient.describe('Community: JID or exact name.');
const served_by = z.enum(bridgeIds);

export const listCommunities = defineTool({
  name: 'list_communities',
  title: 'List communities',
  description:
    'Lists the communities that the user is in, with the number of their groups and of unread messages; use it to find a community. Asks WhatsApp and, when that is not possible, answers what is stored: not_refreshed says why, as_of from when that is. group_count has the groups known here; for all of them, joined or not, use get_community_groups.',
  toolset: 'communities',
  effect: 'read',
  openWorld: true,
  uses: ['communities.list'],
  input: z.object({
    query: z.string().max(200).optional().describe('Part of a name.'),
    limit: limit(50),
    cursor: Cursor,
  }),
  example: {},
  output: z.object({
    count: z.number().int(),
    communities: z.array(CommunityLineSchema),
    as_of: z.string().nullable(),
    served_by: served_by.optional(),
    ...{ ...pageFields, ...refreshFields, ...freshnessFields },
  }),
  lines: { communities: placeLine },
  summary: ({ count, communities }) => `${communities.length} of ${count} communities.`,
  async run({ query, limit: most, cursor }, context) {
    const { answer, ...failure } = await tryRefresh(context.call('communities.list', {}));
    const known = context.store.communities.list();
    const lines = toCommunityViews(context.store, known, answer?.communities, query);
    const page = fitPage(pageBehind(lines, most, cursor), placeLine);
    const source = answer
      ? { as_of: new Date().toISOString(), served_by: answer.served_by }
      : { as_of: listedAt(known), ...failure };
    return { count: lines.length, communities: page.items, ...pageEnd(page), ...source, ...freshness(context) };
  },
});

export const getCommunityGroups = defineTool({
  name: 'get_community_groups',
  title: 'Groups of a community',
  description:
    'Lists the groups of one community, also those that the user has not joined, with unread messages and which group is for announcements; use it to see what a community consists of or where something is unread. Asks WhatsApp. To read one: list_messages. Who is in the community: get_community_members.',
  toolset: 'communities',
  effect: 'read',
  openWorld: true,
  uses: ['communities.groups'],
  input: z.object({ community_jid: CommunityJid, limit: limit(100), cursor: Cursor }),
  example: { community_jid: '120363143634035041@g.us' },
  output: z.object({
    community_jid: z.string(),
    community_name: z.string().nullable(),
    group_count: z.number().int(),
    groups: z.array(GroupLineSchema),
    served_by,
    ...{ ...pageFields, ...freshnessFields },
  }),
  lines: { groups: placeLine },
  summary: ({ groups, group_count }) => `${groups.length} of ${group_count} groups.`,
  async run({ community_jid: recipient, limit: most, cursor }, context) {
    const { communities } = context.store;
    const community_jid = communities.resolve(recipient);
    const { name, groups, served_by } = await context.call('communities.groups', { community_jid });
    const lines = groupLines(context.store, groups);
    const page = fitPage(pageBehind(lines, most, cursor), placeLine);
    const community_name = shownName(name) || communities.group(community_jid).name;
    const named = { community_jid, community_name, group_count: lines.length };
    return { ...named, groups: page.items, ...pageEnd(page), served_by, ...freshness(context) };
  },
});

export const getCommunityMembers = defineTool({
  name: 'get_community_members',
  title: 'Members of a community',
  description:
    'Names everybody in any group of a community, its leaders (is_admin) first, with number and both addresses where these are told; use it to learn who belongs there or whom to turn to. Many show no number, only a hidden identity (lid). Pages of one list come from one answer of WhatsApp, age_seconds old. Members of a single group: get_chat.',
  toolset: 'communities',
  effect: 'read',
  openWorld: true,
  uses: ['communities.members'],
  input: z.object({ community_jid: CommunityJid, limit: limit(100), cursor: Cursor }),
  example: { community_jid: '120363143634035041@g.us', limit: 5 },
  output: z.object({
    community_jid: z.string(),
    community_name: z.string().nullable(),
    member_count: z.number().int(),
    members: z.array(MemberLineSchema),
    age_seconds: z.number().int().default(0),
    served_by,
    ...pageFields,
  }),
  lines: { members: memberLine },
  summary: ({ members, member_count }) => `${members.length} of ${member_count} members.`,
  async run({ community_jid: recipient, limit: most, cursor }, context) {
    const { communities } = context.store;
    const community_jid = communities.resolve(recipient);
    const { name, members, ...source } = await context.call('communities.members', { community_jid });
    const lines = memberLines(context.store, members);
    const page = fitPage(pageBehind(lines, most, cursor), memberLine);
    const community_name = shownName(name) || communities.group(community_jid).name;
    const named = { community_jid, community_name, member_count: lines.length };
    return { ...named, members: page.items, ...pageEnd(page), ...source };
  },
});
