import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { operations } from '../../../bridges/operations/catalog.ts';
import { dataPaths } from '../../../src/config.ts';
import { type Simulator, startSimulator } from '../../../src/simulator/simulator.ts';
import { communityJid, communityName } from '../../../src/simulator/world/people/roster.ts';
import type { WorldChat } from '../../../src/simulator/world/world.ts';
import { openReader } from '../../../src/store/open-reader.ts';
import { endAll, sharing } from '../../support/at-end.ts';
import { describeWaBridge, type StartedWaBridge, startWaBridge } from '../../support/wire/wa-bridge.ts';

let simulator: Simulator;
let dataDir: string;
let bridge: StartedWaBridge;

describeWaBridge('wa-bridge alone, asked about communities', () => {
  beforeAll(async () => {
    simulator = await startSimulator({ messages: 100, sendHistory: false, strict: true });
    dataDir = mkdtempSync(join(tmpdir(), 'whatsapp-go-communities-'));
    bridge = await sharing(() => startWaBridge({ dataDir, simulatorUrl: simulator.url }));
    let { state, qr } = await bridge.call('connection.pair', { method: 'qr' });
    await simulator.scan(String(qr));
    while (state !== 'ready' && state !== 'syncing') {
      ({ state, qr } = await bridge.call('connection.pairing_status'));
    }
  });

  afterAll(async () => {
    await endAll();
    await simulator.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  const inCommunity = () =>
    simulator.world.chats.filter(({ conversation }) => conversation.parentGroupId === communityJid);
  const groupWhere = (which: (chat: WorldChat) => unknown) => inCommunity().find(which) as WorldChat;

  test('lists them and stores what it is told, so that they are known without any history', async () => {
    const before = Date.now();
    const { communities } = operations['communities.list'].output.parse(await bridge.call('communities.list'));
    const joined_groups = inCommunity().flatMap(({ jid, left }) => (left ? [] : [jid]));
    expect(communities).toEqual([{ jid: communityJid, name: communityName, joined_groups }]);
    const store = openReader(dataPaths(dataDir));
    const [known] = store.communities.list();
    expect(known).toMatchObject({ jid: communityJid, name: communityName });
    expect(Date.parse(known?.listed_at ?? '')).toBeGreaterThan(before - 2_000);
    const { participants } = store.chats.get(communityJid);
    expect(participants?.map(({ role }) => role)).toEqual(['superadmin', 'admin', 'member']);
    expect(store.messages.statistics()).toMatchObject({ total_chats: 0, total_messages: 0 });
    store.close();
  });

  test('tells the groups, joined or not, and everybody in them', async () => {
    const asked = { community_jid: communityJid };
    const { groups } = operations['communities.groups'].output.parse(await bridge.call('communities.groups', asked));
    expect(groups).toEqual(
      inCommunity().map(({ jid, conversation, left }) => ({
        jid,
        name: conversation.name,
        joined: !left,
        is_announcement: conversation.isDefaultSubgroup === true,
      })),
    );
    const { members } = operations['communities.members'].output.parse(await bridge.call('communities.members', asked));
    const admins = members.filter(({ is_admin }) => is_admin).flatMap(({ pn, lid }) => [pn, lid]);
    expect(admins).toEqual(
      expect.arrayContaining(
        groupWhere(({ conversation }) => conversation.isDefaultSubgroup).participants?.slice(1, 3) ?? [],
      ),
    );
    expect(members.filter(({ pn, lid }) => pn && lid).length).toBeGreaterThan(5);
  });

  test.each([
    ['a group', (): string => groupWhere(({ left }) => !left).jid, 400, 'invalid_input'],
    ['a group that was left', (): string => groupWhere(({ left }) => left).jid, 403, 'not_permitted'],
    ['no group', (): string => '120363999999999999@g.us', 404, 'not_found'],
    ['a person', (): string => '15550100001@s.whatsapp.net', 400, 'invalid_input'],
    ['no address', (): string => 'community', 400, 'invalid_input'],
  ])('refuses the address of %s', async (_, jid, status, code) => {
    for (const name of ['communities.groups', 'communities.members']) {
      const response = await bridge.fetch(`/v1/${name}`, {
        method: 'POST',
        body: JSON.stringify({ community_jid: jid() }),
      });
      expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })]);
    }
  });
});
