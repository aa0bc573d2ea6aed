import { type BinaryNode, getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import type { WorldChat } from '../../../src/simulator/world/world.ts';
import { type Client, connect, isOpen, memoryStore } from '../client.ts';

const community = '120363143634035041@g.us';

let simulator: Simulator;
let client: Client;

beforeAll(async () => {
  simulator = await startSimulator({ messages: 100, sendHistory: false, strict: true });
  client = connect(simulator, memoryStore(simulator.credentials()));
  await client.until(isOpen);
});

afterAll(async () => {
  await client.close();
  await simulator.stop();
});

const chat = (which: (one: WorldChat) => unknown) => simulator.world.chats.find(which) as WorldChat;
const left = () => chat((one) => one.left).jid;

const ask = (to: string, tag: string): Promise<BinaryNode> =>
  client.socket.query({ tag: 'iq', attrs: { to, type: 'get', xmlns: 'w:g2' }, content: [{ tag, attrs: {} }] });

describe('a community', () => {
  it('lists its groups to the library, including those that the account has left', async () => {
    const { linkedGroups } = await client.socket.communityFetchLinkedGroups(community);
    const groups = simulator.world.chats.filter(({ conversation }) => conversation.parentGroupId === community);
    expect(linkedGroups.map(({ id, subject }) => [id, subject])).toEqual(
      groups.map(({ jid, conversation }) => [jid, conversation.name]),
    );
    expect(linkedGroups.map(({ id }) => id)).toContain(left());
  });

  it('marks its announcement group, in the list and in the group itself', async () => {
    const { jid } = chat(({ conversation }) => conversation.isDefaultSubgroup);
    const nodes = getBinaryNodeChildren(getBinaryNodeChild(await ask(community, 'sub_groups'), 'sub_groups'), 'group');
    const marked = nodes.filter((node) => getBinaryNodeChild(node, 'default_sub_group'));
    expect(marked.map(({ attrs }) => `${attrs['id']}@g.us`)).toEqual([jid]);
    expect(await client.socket.groupMetadata(jid)).toMatchObject({
      isCommunityAnnounce: true,
      announce: true,
      linkedParent: community,
    });
  });

  it('lists everyone in its groups once, by LID with the phone number where that is known', async () => {
    const answer = await ask(community, 'linked_groups_participants');
    const people = getBinaryNodeChildren(getBinaryNodeChild(answer, 'linked_groups_participants'), 'participant');
    const jids = people.map(({ attrs }) => attrs['jid'] as string);
    expect(new Set(jids).size).toBe(jids.length);
    expect(jids).toContain(simulator.world.me.lid);
    for (const { attrs } of people.filter(({ attrs }) => attrs['jid']?.endsWith('net'))) {
      expect(simulator.world.people.find(({ pn }) => pn === attrs['jid'])?.lid).toBeUndefined();
    }
    const known = people.filter(({ attrs }) => attrs['jid']?.endsWith('@lid') && attrs['phone_number']);
    expect(known.length).toBeGreaterThan(5);
  });
});

describe('a group that the account is not in', () => {
  it('is not among its groups and gives no information', async () => {
    expect(Object.keys(await client.socket.groupFetchAllParticipating())).not.toContain(left());
    await expect(client.socket.groupMetadata(left())).rejects.toMatchObject({ data: 403 });
  });

  it('is one of them once the account is added', async () => {
    const { jid } = chat(({ conversation }) => conversation.name === 'Gardening');
    const by = (chat((one) => one.jid === jid).participants as string[])[1] as string;
    const me = simulator.world.me.pn;
    const joined = async () => Object.keys(await client.socket.groupFetchAllParticipating()).includes(jid);
    expect(await joined()).toBe(true);
    simulator.changeGroup(jid, by, { kind: 'remove', members: [me] });
    expect(await joined()).toBe(false);
    simulator.changeGroup(jid, by, { kind: 'add', members: [me] });
    expect(await joined()).toBe(true);
  });
});

it('Queries for the groups of addresses that are not communities are refused', async () => {
  for (const tag of ['sub_groups', 'linked_groups_participants']) {
    await expect(ask('120363999999999999@g.us', tag)).rejects.toMatchObject({ data: 404 });
    await expect(ask(left(), tag)).rejects.toMatchObject({ data: 403 });
    const plain = chat(({ conversation }) => conversation.isDefaultSubgroup).jid;
    await expect(ask(plain, tag)).rejects.toMatchObject({ data: 400 });
  }
});
