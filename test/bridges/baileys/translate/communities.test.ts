import type { BinaryNode } from '@whiskeysockets/baileys';
import { describe, expect, test } from 'vitest';
import {
  communityMembers,
  communityRows,
  describedGroup,
  joinedCommunities,
  joinedGroups,
  subGroups,
} from '../../../../bridges/baileys/translate/communities.ts';
import { iq, node } from '../../../contract/communities.ts';

const [street, garden] = ['120363000000000001@g.us', '120363000000000002@g.us'];
const [ada, adaLid] = ['15550100001@s.whatsapp.net', '20000000000001@lid'];
const parent = node('parent');
const linked = node('linked_parent', { jid: street });

const joined = (...groups: BinaryNode[]) => joinedGroups(iq(node('groups', {}, groups))) ?? [];
const listed = (...groups: BinaryNode[]) => iq(node('sub_groups', {}, groups));

describe('An answer without the list that was asked for', () => {
  test.each([iq(), node('iq'), iq(node('groups')), iq(node('other', {}, [node('group', { id: '1' })]))])(
    'is no empty list of another kind',
    (answer) => {
      expect(subGroups(answer, street, [])).toBeUndefined();
      expect(communityMembers(answer, { id: street, isCommunity: true, isAnnouncement: false, participants: [] })).toBe(
        undefined,
      );
    },
  );

  test('is no description of a group, and no list of those that the account is in', () => {
    expect(describedGroup(iq())).toBeUndefined();
    expect(joinedGroups(iq())).toBeUndefined();
    expect(joinedGroups(iq(node('groups')))).toEqual([]);
  });
});

describe('The groups that the account is in', () => {
  test('are named by what stands before the server, or by the whole address; others are left out', () => {
    const ids = joined(
      node('group', { id: '120363000000000001' }),
      node('group', { jid: garden }),
      node('group', { id: '15550100000-1479643200' }),
      node('group', { id: 'no address' }),
      node('group'),
    ).map(({ id }) => id);
    expect(ids).toEqual([street, garden, '15550100000-1479643200@g.us']);
  });

  test('are a community with its groups, and bring no group that belongs to none', () => {
    const groups = joined(
      node('group', { id: '120363000000000001', subject: 'Street' }, [parent]),
      node('group', { id: '120363000000000002', subject: 'Garden' }, [linked]),
      node('group', { id: '120363000000000003', subject: 'Chess' }),
    );
    expect(joinedCommunities(groups)).toEqual([{ jid: street, name: 'Street', joined_groups: [garden] }]);
    expect(communityRows(groups, 7)).toEqual({
      chats: [{ jid: street, kind: 'community', name: 'Street' }],
      settings: [{ jid: garden, name: 'Garden', parentJid: street }],
      members: [],
      lidPairs: [],
    });
  });
});

describe('The groups of a community', () => {
  test('are also those that the account is in and the list forgets, each once', () => {
    const mine = joined(
      node('group', { id: '120363000000000002' }, [linked, node('default_sub_group')]),
      node('group', { id: '120363000000000004', subject: 'Kitchen' }, [linked]),
      node('group', { id: '120363000000000005', subject: 'Elsewhere' }),
    );
    const answer = listed(node('group', { id: '120363000000000002', subject: 'Garden' }), node('group', { id: '7' }));
    expect(subGroups(answer, street, mine)).toEqual([
      { jid: garden, name: 'Garden', joined: true, is_announcement: true },
      { jid: '7@g.us', joined: false, is_announcement: false },
      { jid: '120363000000000004@g.us', name: 'Kitchen', joined: true, is_announcement: false },
    ]);
  });
});

describe('The members of a community', () => {
  const community = (...participants: BinaryNode[]) => {
    const described = describedGroup(iq(node('group', { id: '120363000000000001' }, [parent, ...participants])));
    if (!described) throw new Error('no group');
    return described;
  };
  const people = (...participants: BinaryNode[]) => iq(node('linked_groups_participants', {}, participants));

  test('are one person under two addresses once, an admin under either', () => {
    const answer = people(
      node('participant', { jid: adaLid, phone_number: ada }),
      node('participant', { jid: ada }),
      node('participant', { jid: '15550100002:3@s.whatsapp.net' }),
      node('participant', { jid: 'nobody' }),
      node('participant'),
    );
    expect(communityMembers(answer, community(node('participant', { jid: ada, type: 'admin' })))).toEqual([
      { jid: adaLid, pn: ada, lid: adaLid, is_admin: true },
      { jid: '15550100002@s.whatsapp.net', pn: '15550100002@s.whatsapp.net', is_admin: false },
    ]);
  });

  test('include who leads it and is in none of its groups', () => {
    const lead = node('participant', { jid: adaLid, type: 'superadmin' });
    expect(communityMembers(people(), community(lead))).toEqual([{ jid: adaLid, lid: adaLid, is_admin: true }]);
  });
});
