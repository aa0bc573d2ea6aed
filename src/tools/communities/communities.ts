import * as z from 'zod';
import { shownName } from '../../domain/names.ts';
import { defineListTool } from '../result/list-tool.ts';
import { refreshFields, tryRefresh } from '../result/refresh.ts';
import { servedBy, servedFields } from '../result/served.ts';
import {
  CommunityJid,
  CommunityLineSchema,
  communityHead,
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

export const listCommunities = defineListTool({
  name: 'list_communities',
  title: 'List communities',
  description:
    'Lists the communities that the user is in, with the number of their groups and of unread messages; use it to find a community. Asks WhatsApp and, when that is not possible, answers what is stored: not_refreshed says why, as_of from when that is. group_count has the groups known here; for all of them, joined or not, use get_community_groups.',
  toolset: 'communities',
  uses: ['communities.list'],
  input: { query: z.string().max(200).optional().describe('Part of a name.') },
  example: {},
  head: {
    ...{ count: z.number().int(), as_of: z.string().nullable() },
    ...{ served_by: servedBy.served_by.optional(), ...refreshFields },
  },
  entries: { field: 'communities', row: CommunityLineSchema, line: placeLine, standard: 50 },
  stored: 'rows',
  summary: ({ count }, shown) => `${shown} of ${count} communities.`,
  async list({ query, limit, cursor }, { call, store }) {
    const { answer, ...failure } = await tryRefresh(call('communities.list', {}));
    const known = store.communities.list();
    const lines = toCommunityViews(store, known, answer?.communities, query);
    const source = answer
      ? { as_of: new Date().toISOString(), served_by: answer.served_by }
      : { as_of: listedAt(known), ...failure };
    return { count: lines.length, ...source, page: pageBehind(lines, limit, cursor) };
  },
});

export const getCommunityGroups = defineListTool({
  name: 'get_community_groups',
  title: 'Groups of a community',
  description:
    'Lists the groups of one community, also those that the user has not joined, with unread messages and which group is for announcements; use it to see what a community consists of or where something is unread. Asks WhatsApp. To read one: list_messages. Who is in the community: get_community_members.',
  toolset: 'communities',
  uses: ['communities.groups'],
  input: { community_jid: CommunityJid },
  example: { community_jid: '120363143634035041@g.us' },
  head: { ...communityHead, group_count: z.number().int(), ...servedBy },
  entries: { field: 'groups', row: GroupLineSchema, line: placeLine, standard: 100 },
  stored: 'rows',
  summary: ({ group_count }, count) => `${count} of ${group_count} groups.`,
  async list({ community_jid: recipient, limit, cursor }, { call, store }) {
    const community_jid = store.communities.resolve(recipient);
    const { name, groups, served_by } = await call('communities.groups', { community_jid });
    const lines = groupLines(store, groups);
    const community_name = shownName(name) || store.communities.group(community_jid).name;
    const page = pageBehind(lines, limit, cursor);
    return { community_jid, community_name, group_count: lines.length, served_by, page };
  },
});

export const getCommunityMembers = defineListTool({
  name: 'get_community_members',
  title: 'Members of a community',
  description:
    'Names everybody in any group of a community, its leaders (is_admin) first, with number and both addresses where these are told; use it to learn who belongs there or whom to turn to. Many show no number, only a hidden identity (lid). Pages of one list come from one answer of WhatsApp, age_seconds old. Members of a single group: get_chat.',
  toolset: 'communities',
  uses: ['communities.members'],
  input: { community_jid: CommunityJid },
  example: { community_jid: '120363143634035041@g.us', limit: 5 },
  head: { ...communityHead, member_count: z.number().int(), ...servedFields },
  entries: { field: 'members', row: MemberLineSchema, line: memberLine, standard: 100 },
  summary: ({ member_count }, count) => `${count} of ${member_count} members.`,
  async list({ community_jid: recipient, limit, cursor }, { call, store }) {
    const community_jid = store.communities.resolve(recipient);
    const { name, members, ...source } = await call('communities.members', { community_jid });
    const lines = memberLines(store, members);
    const community_name = shownName(name) || store.communities.group(community_jid).name;
    const page = pageBehind(lines, limit, cursor);
    return { community_jid, community_name, member_count: lines.length, ...source, page };
  },
});
