import { AppError } from '../../../src/domain/errors.ts';
import type { Handlers, OperationOutput } from '../../operations/catalog.ts';
import type { BinaryNode } from '../library/library.ts';
import {
  communityMembers,
  communityRows,
  type DescribedGroup,
  describedGroup,
  joinedCommunities,
  joinedGroups,
  subGroups,
} from '../translate/communities.ts';
import { abortable } from './abortable.ts';
import type { OperationContext } from './context.ts';
import { refusalOf } from './query.ts';

export function communitiesHandlers(context: OperationContext) {
  const queries = new CommunityQueries(context);
  return {
    'communities.list': (_, signal) => abortable(queries.list(), signal),
    'communities.groups': ({ community_jid }, signal) => abortable(queries.groups(community_jid), signal),
    'communities.members': ({ community_jid }, signal) => abortable(queries.members(community_jid), signal),
  } satisfies Partial<Handlers>;
}

/** Codes for a group that the account is not in, or may not see. */
const notMemberCodes: readonly unknown[] = [401, 403];

function asOutsider(error: unknown): unknown {
  if (!notMemberCodes.includes(refusalOf(error))) return error;
  const message = 'This account is not in that community; list_communities shows those that it is in.';
  return new AppError('not_permitted', message, { cause: error });
}

function notACommunity({ linkedParent }: DescribedGroup): AppError {
  const next = linkedParent ? `the community that it belongs to is ${linkedParent}` : 'it belongs to no community';
  return new AppError(
    'invalid_input',
    `This is the address of a group and not of a community: ${next}. list_communities shows all.`,
  );
}

const unreadable = (what: string): AppError =>
  new AppError('upstream_rejected', `WhatsApp answered something else when asked for the ${what}.`);

/**
 * Requests about communities. The library's own functions drop the announcement flag and the phone numbers of members,
 * and treat silence as an empty list, so we send its stanzas and parse the whole answer.
 */
export class CommunityQueries {
  readonly #context: OperationContext;

  constructor(context: OperationContext) {
    this.#context = context;
  }

  async list(): Promise<OperationOutput<'communities.list'>> {
    const joined = await this.#joined(['participants', 'description']);
    const { sink, now } = this.#context;
    sink.ingest({ lane: 'live', ...communityRows(joined, now()) });
    return { communities: joinedCommunities(joined) };
  }

  async groups(jid: string): Promise<OperationOutput<'communities.groups'>> {
    const { subject } = await this.#community(jid);
    const [answer, joined] = await Promise.all([
      this.#ask(jid, { tag: 'sub_groups', attrs: {} }, 'groups of the community'),
      this.#joined([]),
    ]);
    const groups = subGroups(answer, jid, joined);
    if (!groups) throw unreadable('groups of the community');
    return { ...(subject !== undefined && { name: subject }), groups };
  }

  async members(jid: string): Promise<OperationOutput<'communities.members'>> {
    const community = await this.#community(jid);
    const request = { tag: 'linked_groups_participants', attrs: {} };
    const members = communityMembers(await this.#ask(jid, request, 'members of the community'), community);
    if (!members) throw unreadable('members of the community');
    return { ...(community.subject !== undefined && { name: community.subject }), members };
  }

  /** The description of a community for its members; throws when the address is not a community. */
  async #community(jid: string): Promise<DescribedGroup> {
    const request = { tag: 'query', attrs: { request: 'interactive' } };
    const community = describedGroup(await this.#ask(jid, request, 'community'));
    if (!community) throw unreadable('community');
    if (!community.isCommunity) throw notACommunity(community);
    return community;
  }

  async #joined(details: readonly string[]): Promise<DescribedGroup[]> {
    const content = details.map((tag) => ({ tag, attrs: {} }));
    const answer = await this.#ask('@g.us', { tag: 'participating', attrs: {}, content }, 'list of groups');
    const joined = joinedGroups(answer);
    if (!joined) throw unreadable('list of groups');
    return joined;
  }

  async #ask(to: string, content: BinaryNode, what: string): Promise<BinaryNode> {
    const request = { tag: 'iq', attrs: { to, type: 'get', xmlns: 'w:g2' }, content: [content] };
    try {
      return await this.#context.ask(request, what);
    } catch (error) {
      throw asOutsider(error);
    }
  }
}
