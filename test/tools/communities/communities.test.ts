import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Handlers } from '../../../bridges/operations/catalog.ts';
import { AppError } from '../../../src/domain/errors.ts';
import type { KnownCommunity } from '../../../src/store/reader.ts';
import { catalog } from '../../../src/tools/catalog.ts';
import { type Connection, connect } from '../../support/fakes/connect.ts';
import { fakeBridge, fakeBridges } from '../../support/fakes/fake-bridge.ts';
import { fakeServices, fakeStore } from '../../support/fakes/fake-services.ts';
import { shown } from '../../support/rows/shown.ts';

const [street, park] = ['120363000000000001@g.us', '120363000000000005@g.us'];
const [garden, kitchen, left] = ['2', '3', '4'].map((end) => `12036300000000000${end}@g.us`) as [
  string,
  string,
  string,
];
const known: KnownCommunity[] = [
  { jid: street, name: 'Street', groups: [garden, left], listed_at: '2025-10-09T08:53:20Z' },
  { jid: park, name: 'Párk', groups: [], listed_at: '2025-10-08T08:53:20Z' },
];
const unread: Record<string, number> = { [garden]: 3, [kitchen]: 0, [left]: 2 };

type Operation = Extract<keyof Handlers, `communities.${string}`>;
let reply: () => unknown;
let asked: unknown[];
const handler = async (input: unknown) => {
  asked.push(input);
  return reply();
};
const names: Operation[] = ['communities.list', 'communities.groups', 'communities.members'];
const bridge = fakeBridge('baileys', 'ready', Object.fromEntries(names.map((name) => [name, handler])));
let waiting = 0;
let now = Date.now();
let client: Connection;

/** One server for all cases: each says what its bridge answers. */
beforeAll(async () => {
  const store = fakeStore();
  Object.assign(store.communities, {
    list: () => known,
    group: (jid) => ({
      name: jid === street ? 'Street' : `stored ${jid.slice(17, 18)}`,
      unread_count: unread[jid] ?? 0,
    }),
    resolve: (recipient) => (recipient === 'Street' ? street : recipient),
  } satisfies typeof store.communities);
  store.contacts.known = (address) => {
    const ada = { jid: '15550100001@s.whatsapp.net', pn: '15550100001@s.whatsapp.net', lid: '20000000000001@lid' };
    if (address === ada.pn || address === ada.lid) return { ...ada, name: 'Ada' };
    return { jid: address, name: null, pn: null, lid: address.endsWith('@lid') ? address : null };
  };
  const services = fakeServices({ bridges: fakeBridges(bridge), store });
  services.history.pendingRows = () => waiting;
  client = await connect(services, catalog, () => now);
});
beforeEach(() => {
  bridge.become('ready');
  waiting = 0;
  now += 61_000; // nothing of the case before is answered from memory
  asked = [];
});

function answering<K extends Operation>(_name: K, given: () => Awaited<ReturnType<Handlers[K]>>): Connection {
  reply = given;
  return client;
}

describe('list_communities', () => {
  it('names the communities that WhatsApp names, and counts what is known of their groups', async () => {
    const { succeed } = answering('communities.list', () => ({
      communities: [{ jid: street, name: 'New Street', joined_groups: [garden, kitchen] }],
    }));
    expect(await succeed('list_communities')).toEqual(
      shown({
        success: true,
        count: 1,
        communities: [{ jid: street, name: 'New Street', group_count: 3, unread_count: 5 }],
        as_of: expect.stringMatching(/^\d{4}-/),
        served_by: 'baileys',
        truncated: false,
        next_cursor: null,
      }),
    );
  });

  it('answers what is stored when no bridge can be asked, says why, and from when that is', async () => {
    waiting = 7;
    const { succeed } = answering('communities.list', () => {
      throw new AppError('bridge_unavailable', 'There is no connection.');
    });
    expect(await succeed('list_communities', { query: 'parK' })).toEqual(
      shown({
        success: true,
        count: 1,
        communities: [{ jid: park, name: 'Párk', group_count: 0, unread_count: 0 }],
        as_of: '2025-10-09T08:53:20Z',
        not_refreshed: { error_code: 'bridge_unavailable', message: 'There is no connection.' },
        truncated: false,
        next_cursor: null,
        pending_sync: 7,
        next_step: expect.stringContaining('sync_history_to_database'),
      }),
    );
  });

  it('lists by name, page by page', async () => {
    const { succeed, fail } = answering('communities.list', () => ({
      communities: ['b', 'a', undefined, 'C'].map((name, index) => ({
        jid: `12036300000000001${index}@g.us`,
        ...(name !== undefined && { name }),
        joined_groups: [],
      })),
    }));
    const first = await succeed('list_communities', { limit: 3 });
    expect(first).toMatchObject({ count: 4, truncated: true });
    expect((first['communities'] as { name: string }[]).map(({ name }) => name)).toEqual(['a', 'b', 'C']);
    const rest = await succeed('list_communities', { limit: 3, cursor: first['next_cursor'] });
    expect(rest).toMatchObject(shown({ communities: [{ name: null }], truncated: false, next_cursor: null }));
    expect(await fail('list_communities', { cursor: park })).toMatchObject({ error_code: 'invalid_input' });
  });
});

describe('get_community_groups', () => {
  const groups = [
    { jid: left, name: 'Alleys', joined: false, is_announcement: false },
    { jid: kitchen, joined: true, is_announcement: false },
    { jid: garden, name: 'To all', joined: true, is_announcement: true },
  ];

  it('finds a community by its name; the group of the announcements comes first, those not joined last', async () => {
    const { succeed } = answering('communities.groups', () => ({ name: 'Street 2', groups }));
    expect(await succeed('get_community_groups', { community_jid: 'Street' })).toEqual(
      shown({
        success: true,
        community_jid: street,
        community_name: 'Street 2',
        group_count: 3,
        groups: [
          { jid: garden, name: 'To all', unread_count: 3, joined: true, is_announcement: true },
          { jid: kitchen, name: 'stored 3', unread_count: 0, joined: true, is_announcement: false },
          { jid: left, name: 'Alleys', unread_count: 2, joined: false, is_announcement: false },
        ],
        served_by: 'baileys',
        truncated: false,
        next_cursor: null,
      }),
    );
    expect(asked).toEqual([{ community_jid: street }]);
  });

  it('counts the groups that a page leaves out, and calls the community as it is called here', async () => {
    const { succeed } = answering('communities.groups', () => ({ groups }));
    const page = await succeed('get_community_groups', { community_jid: street, limit: 1 });
    expect(page).toMatchObject({ community_name: 'Street', group_count: 3, truncated: true, next_cursor: garden });
  });

  it.each(['invalid_input', 'not_found', 'not_permitted', 'upstream_unanswered'] as const)(
    'fails with what the bridge says: %s',
    async (error_code) => {
      const { fail } = answering('communities.groups', () => {
        throw new AppError(error_code, 'So it is.');
      });
      expect(await fail('get_community_groups', { community_jid: street })).toMatchObject({ error_code });
    },
  );
});

describe('get_community_members', () => {
  const ada = { pn: '15550100001@s.whatsapp.net', lid: '20000000000001@lid' };

  it('names people as they are known here, each once, admins first', async () => {
    const { succeed } = answering('communities.members', () => ({
      members: [
        { jid: '20000000000009@lid', lid: '20000000000009@lid', is_admin: false },
        { jid: ada.lid, lid: ada.lid, is_admin: false },
        { jid: ada.pn, pn: ada.pn, is_admin: true },
        { jid: '20000000000008@lid', lid: '20000000000008@lid', pn: '15550100008@s.whatsapp.net', is_admin: false },
      ],
    }));
    const told = (jid: string, fields: object) => ({ jid, name: null, phone: null, pn: null, lid: null, ...fields });
    expect(await succeed('get_community_members', { community_jid: 'Street' })).toMatchObject(
      shown({
        community_jid: street,
        community_name: 'Street',
        member_count: 3,
        members: [
          { jid: ada.pn, name: 'Ada', phone: '+15550100001', ...ada, is_admin: true },
          told('15550100008@s.whatsapp.net', {
            phone: '+15550100008',
            pn: '15550100008@s.whatsapp.net',
            lid: '20000000000008@lid',
            is_admin: false,
          }),
          told('20000000000009@lid', { lid: '20000000000009@lid', is_admin: false }),
        ],
      }),
    );
  });

  it('has as many on a page as fit, and every one of them on some page', async () => {
    const jids = Array.from({ length: 700 }, (_, number) => `3000000000${String(number).padStart(4, '0')}@lid`);
    const { succeed } = answering('communities.members', () => ({
      members: jids.map((jid) => ({ jid, lid: jid, is_admin: false })),
    }));
    const seen: string[] = [];
    let cursor: unknown;
    for (let pages = 0; pages < 20 && (pages === 0 || cursor !== undefined); pages++) {
      const page = await succeed('get_community_members', { community_jid: street, limit: 500, cursor });
      expect(JSON.stringify(page).length).toBeLessThan(20_000);
      seen.push(...(page['members'] as { jid: string }[]).map(({ jid }) => jid));
      cursor = page['next_cursor'];
    }
    expect(seen).toEqual(jids);
    expect(asked).toHaveLength(1); // a minute's worth of pages
  });
});
