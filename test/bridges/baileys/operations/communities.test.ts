import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import '../../../../src/stdout.ts';
import type { BinaryNode } from '@whiskeysockets/baileys';
import { communitiesHandlers } from '../../../../bridges/baileys/operations/communities.ts';
import type { OperationContext } from '../../../../bridges/baileys/operations/context.ts';
import type { Handlers } from '../../../../bridges/operations/catalog.ts';
import { type Simulator, startSimulator } from '../../../../src/simulator/simulator.ts';
import { communityJid, communityName } from '../../../../src/simulator/world/people/roster.ts';
import type { WorldChat } from '../../../../src/simulator/world/world.ts';
import { iq, node } from '../../../contract/communities.ts';
import { type Rig, rigOn, seedCredentials, temporaryFolder } from '../rig/rig.ts';

const [listKind, groupKind, groupsKind, membersKind] = [
  'participating',
  'query',
  'sub_groups',
  'linked_groups_participants',
].map((tag) => `w:g2/get/${tag}`) as [string, string, string, string];

const folder = temporaryFolder();
let simulator: Simulator;
let rig: Rig;

beforeAll(async () => {
  simulator = await startSimulator({ messages: 100, sendHistory: false, strict: true });
  seedCredentials(folder.path, simulator.credentials());
  rig = rigOn(folder.path, simulator, { queryMs: 300, now: () => 1_760_000_000_123 });
  await rig.bridge.connect();
  await rig.sink.until(({ chats }) => chats.has(communityJid)); // a new device reads its groups unasked
});
afterAll(async () => {
  await rig.bridge.close();
  await simulator.stop();
  folder.remove();
});
beforeEach(() => rig.sink.batches.splice(0));

type Name = Extract<keyof Handlers, `communities.${string}`>;

function call<K extends Name>(name: K, input: Parameters<Handlers[K]>[0], signal?: AbortSignal) {
  const handler = rig.bridge.handlers[name] as Handlers[K];
  return (handler as (...args: unknown[]) => ReturnType<Handlers[K]>)(input, signal);
}

const inCommunity = () =>
  simulator.world.chats.filter(({ conversation }) => conversation.parentGroupId === communityJid);
const groupNamed = (name: string) => inCommunity().find(({ conversation }) => conversation.name === name) as WorldChat;
const community = { community_jid: communityJid };

describe('the communities of the account', () => {
  test('come with the groups that it is in, and are stored with what they say of themselves', async () => {
    const joined_groups = inCommunity().flatMap(({ jid, left }) => (left ? [] : [jid]));
    expect(await call('communities.list', {})).toEqual({
      communities: [{ jid: communityJid, name: communityName, joined_groups }],
    });
    const [batch] = rig.sink.batches;
    const at = 1_760_000_000_123;
    expect(batch?.chats).toEqual([{ jid: communityJid, kind: 'community', name: communityName, membersAt: at }]);
    expect(batch?.settings?.map(({ jid, parentJid }) => [jid, parentJid])).toEqual(
      joined_groups.map((jid) => [jid, communityJid]),
    );
    expect(batch?.members?.map(({ chatJid, role }) => [chatJid, role])).toEqual([
      [communityJid, 'member'],
      [communityJid, 'superadmin'],
      [communityJid, 'admin'],
    ]);
  });

  test('are not none when WhatsApp says nothing, and nothing is stored then', async () => {
    simulator.fail.iq(listKind, 0);
    await expect(call('communities.list', {})).rejects.toMatchObject({ code: 'upstream_unanswered' });
    expect(rig.sink.batches).toEqual([]);
  });
});

describe('the groups of a community', () => {
  test('are all of them: joined or not, and which one is for announcements', async () => {
    const { name, groups } = await call('communities.groups', community);
    expect(name).toBe(communityName);
    expect(groups).toEqual(
      inCommunity().map(({ jid, conversation, left }) => ({
        jid,
        name: conversation.name,
        joined: !left,
        is_announcement: conversation.name === 'Announcements',
      })),
    );
    expect(groups.filter(({ joined }) => !joined).map((one) => one.name)).toEqual(['Carpool']);
  });

  test('of a group are refused, with the community that it belongs to', async () => {
    const { jid } = groupNamed('Gardening');
    const refusal = call('communities.groups', { community_jid: jid });
    await expect(refusal).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining(communityJid),
    });
    const alone = simulator.world.chats.find(
      (one) => one.jid.endsWith('@g.us') && !one.conversation.parentGroupId && one.jid !== communityJid,
    ) as WorldChat;
    await expect(call('communities.members', { community_jid: alone.jid })).rejects.toMatchObject({
      code: 'invalid_input',
      message: expect.stringContaining('no community'),
    });
  });

  test.each([
    ['that does not exist', (): string => '120363999999999999@g.us', 'not_found'],
    ['that the account has left', (): string => groupNamed('Carpool').jid, 'not_permitted'],
  ] as const)('of one %s are %s', async (_, jid, code) => {
    await expect(call('communities.groups', { community_jid: jid() })).rejects.toMatchObject({ code });
    await expect(call('communities.members', { community_jid: jid() })).rejects.toMatchObject({ code });
  });

  test.each([
    [groupKind, 429, 'rate_limited'],
    [groupKind, 401, 'not_permitted'],
    [groupsKind, 403, 'not_permitted'],
    [listKind, 500, 'upstream_rejected'],
    [groupsKind, 0, 'upstream_unanswered'],
  ])('fail as WhatsApp does: %s with %i is %s', async (kind, code, expected) => {
    simulator.fail.iq(kind, code);
    await expect(call('communities.groups', community)).rejects.toMatchObject({ code: expected });
  });
});

test('Answers that hold something else than was asked for are no empty lists', async () => {
  const described = iq(node('group', { id: communityJid.split('@')[0] as string }, [node('parent')]));
  const answering = (...answers: BinaryNode[]) => {
    const query = async () => answers.shift();
    const sink = { ingest: () => expect.fail('nothing is to be stored') };
    const handlers = communitiesHandlers({ ask: query, sink, now: Date.now } as unknown as OperationContext);
    return {
      list: () => handlers['communities.list']({}, undefined),
      groups: (community_jid: string) => handlers['communities.groups']({ community_jid }, undefined),
      members: (community_jid: string) => handlers['communities.members']({ community_jid }, undefined),
    };
  };
  const refused = { code: 'upstream_rejected' };
  await expect(answering(iq()).list()).rejects.toMatchObject(refused);
  await expect(answering(iq()).groups(communityJid)).rejects.toMatchObject(refused);
  await expect(answering(described, iq(), iq(node('groups'))).groups(communityJid)).rejects.toMatchObject(refused);
  await expect(answering(described, iq(node('sub_groups')), iq()).groups(communityJid)).rejects.toMatchObject(refused);
  await expect(answering(described, iq()).members(communityJid)).rejects.toMatchObject(refused);
  const empty = answering(described, iq(node('sub_groups')), iq(node('groups')));
  expect(await empty.groups(communityJid)).toEqual({ groups: [] });
});

describe('the members of a community', () => {
  test('are everybody in its groups once, with both addresses where they are known, and who leads it', async () => {
    const { members } = await call('communities.members', community);
    const { me, people } = simulator.world;
    const expected = new Set(
      inCommunity()
        .flatMap(({ participants = [], left }) => (left ? participants.slice(1) : participants))
        .map((jid) =>
          jid === me.pn || jid === me.lid ? me.lid : people.find(({ pn, lid }) => [pn, lid].includes(jid)),
        )
        .map((one) => (typeof one === 'object' ? (one.lid ?? one.pn) : one)),
    );
    expect(new Set(members.map(({ jid }) => jid))).toEqual(expected);
    expect(members.length).toBe(expected.size);
    for (const { jid, pn, lid } of members) {
      const person = [me, ...people].find((one) => [one.pn, one.lid].includes(jid));
      expect({ pn, lid }).toEqual({ pn: person?.pn, lid: person?.lid });
    }
    const admins = members.filter(({ is_admin }) => is_admin).flatMap(({ pn, lid }) => [pn, lid]);
    expect(members.filter(({ is_admin }) => is_admin).length).toBe(2);
    for (const jid of groupNamed('Announcements').participants?.slice(1, 3) ?? []) expect(admins).toContain(jid);
  });

  test('are no empty list when WhatsApp gives none', async () => {
    simulator.fail.iq(membersKind, 0);
    await expect(call('communities.members', community)).rejects.toMatchObject({ code: 'upstream_unanswered' });
  });

  test('are waited for no longer than the caller wants', async () => {
    const stop = new AbortController();
    const asked = call('communities.members', community, stop.signal);
    stop.abort(new Error('enough'));
    await expect(asked).rejects.toThrow('enough');
  });
});
