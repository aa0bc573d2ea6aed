import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type App, createApp, type ToolOutcome } from '../../src/app.ts';
import { type Simulator, startSimulator } from '../../src/simulator/simulator.ts';
import { communityJid, communityName } from '../../src/simulator/world/people/roster.ts';
import type { WorldChat } from '../../src/simulator/world/world.ts';
import { endAll, sharing } from '../support/at-end.ts';
import { linkBridge } from '../support/e2e/link.ts';
import { testConfig } from '../support/fakes/config.ts';
import { type StartedWaBridge, startWaBridge, waBridgeBinary } from '../support/wire/wa-bridge.ts';

type Value = Record<string, unknown>;

const community = { community_jid: communityJid };
const hasGo = waBridgeBinary !== undefined;
let simulator: Simulator;
let dataDir: string;
let bridge: StartedWaBridge | undefined;
let app: App;
let now = Date.now();

const run = (name: string, args: object = {}): Promise<ToolOutcome> => app.runTool(name, args, { progress: () => {} });

async function call(name: string, args: object = {}): Promise<Value> {
  const outcome = await run(name, args);
  if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
  return outcome.value;
}

const failure = async (name: string, args: object): Promise<string> => {
  const outcome = await run(name, args);
  return outcome.ok ? 'a success' : outcome.error.error_code;
};

const inCommunity = () =>
  simulator.world.chats.filter(({ conversation }) => conversation.parentGroupId === communityJid);
const named = (name: string) => inCommunity().find(({ conversation }) => conversation.name === name) as WorldChat;

beforeAll(async () => {
  simulator = await startSimulator({ messages: 300, strict: true });
  dataDir = mkdtempSync(join(tmpdir(), 'whatsapp-communities-'));
  if (hasGo) bridge = await sharing(() => startWaBridge({ dataDir, simulatorUrl: simulator.url }));
  const config = { ...testConfig(dataDir), simulator: simulator.document };
  app = createApp(bridge ? { ...config, bridgeUrl: bridge.url } : config, { now: () => now });
  if (hasGo) await linkBridge(call, simulator, 'whatsmeow'); // first, because linking Baileys keeps this process busy with the history
  await linkBridge(call, simulator);
  await call('retrieve_full_history');
  await call('sync_history_to_database');
});

afterAll(async () => {
  await app.close();
  await endAll();
  await simulator.stop().catch(() => {}); // a test may have stopped it already
  rmSync(dataDir, { recursive: true, force: true });
});

/** The answers of all three tools, without source and time. */
async function everything(servedBy: string): Promise<Value> {
  const { as_of: _, ...list } = await call('list_communities');
  const groups = await call('get_community_groups', community);
  const members = await call('get_community_members', { community_jid: communityName, limit: 500 });
  for (const answer of [list, groups, members]) expect(answer['served_by']).toBe(servedBy);
  return { list, groups, members };
}

describe('the community of the account', () => {
  let first: Value;

  it('has six groups, one of them left, with what is unread in them', async () => {
    first = await everything(hasGo ? 'whatsmeow' : 'baileys');
    const unread = (chats: readonly WorldChat[]) =>
      chats.reduce((sum, { conversation }) => sum + (conversation.unreadCount ?? 0), 0);
    expect(first['list']).toMatchObject({
      count: 1,
      communities: [{ jid: communityJid, name: communityName, group_count: 6, unread_count: unread(inCommunity()) }],
    });
    const { groups, ...about } = first['groups'] as Value & { groups: Value[] };
    expect(about).toMatchObject({ community_name: communityName, group_count: 6, truncated: false });
    expect(groups[0]).toMatchObject({ jid: named('Announcements').jid, is_announcement: true, joined: true });
    expect(groups.at(-1)).toMatchObject({ name: 'Carpool', joined: false });
    for (const { jid, unread_count } of groups) {
      expect(unread_count).toBe(unread(inCommunity().filter((chat) => chat.jid === jid)));
    }
  });

  it('has members with the names that they have here, under both addresses, admins first', () => {
    const { members, member_count } = first['members'] as { members: Value[]; member_count: number };
    expect(members.length).toBe(member_count);
    expect(members.map(({ is_admin }) => is_admin).indexOf(false)).toBe(2);
    expect(members.filter(({ name }) => name === 'You')).toEqual([
      expect.objectContaining({ jid: simulator.world.me.pn, lid: simulator.world.me.lid }),
    ]);
    expect(members.filter(({ pn, lid, name }) => pn && lid && name).length).toBeGreaterThan(5);
    expect(new Set(members.map(({ jid }) => jid)).size).toBe(member_count);
  });

  it('is refused under the address of a group, of none, and of one that was left', async () => {
    const codes = async (jid: string) => failure('get_community_groups', { community_jid: jid });
    expect(await codes(named('Gardening').jid)).toBe('invalid_input');
    expect(await codes('120363999999999999@g.us')).toBe('not_found');
    expect(await codes(named('Carpool').jid)).toBe('not_permitted');
    expect(await failure('get_community_members', { community_jid: named('Carpool').jid })).toBe('not_permitted');
    expect(await failure('get_community_members', { community_jid: 'No such name' })).toBe('not_found');
  });

  it('is no chat in the statistics and in the list of chats', async () => {
    expect(await call('get_message_statistics')).toMatchObject({ total_messages: 300, total_chats: 67 });
    const { chats } = await call('list_chats', { limit: 500 });
    expect((chats as Value[]).map(({ chat_jid }) => chat_jid)).not.toContain(communityJid);
  });

  it.skipIf(!hasGo)('is the same through Baileys when wa-bridge is gone', async () => {
    await bridge?.kill();
    now += 61_000; // its answers stay cached for a minute
    const inWords = (value: Value) => JSON.parse(JSON.stringify(value).replaceAll('"whatsmeow"', '"baileys"'));
    expect(await everything('baileys')).toEqual(inWords(first));
    expect(await failure('get_community_groups', { community_jid: named('Carpool').jid })).toBe('not_permitted');
  });

  it("is still listed without a connection, with the time of WhatsApp's answer", async () => {
    await simulator.stop();
    const list = await call('list_communities');
    expect(list).toMatchObject({
      communities: (first['list'] as Value)['communities'],
      not_refreshed: { error_code: expect.stringMatching(/^(bridge_unavailable|timeout)$/) },
    });
    expect(list).not.toHaveProperty('served_by');
    expect(Date.now() - Date.parse(String(list['as_of']))).toBeLessThan(120_000);
  });
});
