import type { BinaryNode } from '@whiskeysockets/baileys';
import {
  communityMembers,
  communityRows,
  describedGroup,
  joinedCommunities,
  joinedGroups,
  subGroups,
} from '../../bridges/baileys/translate/communities.ts';

export const node = (tag: string, attrs: Record<string, string> = {}, content?: BinaryNode['content']): BinaryNode => ({
  tag,
  attrs,
  ...(content !== undefined && { content }),
});
export const iq = (...content: BinaryNode[]): BinaryNode => node('iq', { type: 'result' }, content);

const [street, park] = ['120363000000000001', '120363000000000005'];
const jid = (id: string) => `${id}@g.us`;
const [ada, ben, eve] = ['15550100001@s.whatsapp.net', '15550100002@s.whatsapp.net', '20000000000003@lid'];
const adaLid = '20000000000001@lid';

const group = (id: string, subject: string | undefined, ...content: BinaryNode[]) =>
  node('group', { id, ...(subject !== undefined && { subject }), creation: '1700000000' }, content);
const person = (attrs: Record<string, string>) => node('participant', attrs);
const linked = (to = street) => node('linked_parent', { jid: jid(to) });
const leading = [
  person({ jid: adaLid, phone_number: ada, type: 'superadmin' }),
  person({ jid: ben, lid: '20000000000002@lid', type: 'admin' }),
  person({ jid: eve }),
];

/** What WhatsApp answers: the groups of the account, a community, its groups, and everybody in them. */
interface Answers {
  joined: BinaryNode;
  community: BinaryNode;
  groups: BinaryNode;
  members: BinaryNode;
}

const whole: Answers = {
  joined: iq(
    node('groups', {}, [
      group(street, 'Straße “1” 🏘', node('parent'), ...leading),
      group(
        '120363000000000002',
        'Announcements',
        linked(),
        node('default_sub_group'),
        node('announcement'),
        ...leading,
      ),
      group('120363000000000003', 'Gärten', linked(), person({ jid: ben })),
      group('15550100000-1479643200', 'Chess', person({ jid: ben, type: 'admin' })),
      group(park, undefined, node('parent', { default_membership_approval_mode: 'request_required' })),
      group('120363000000000006', undefined, linked(park)),
      group('120363000000000008', 'An older name', linked(), node('announcement')),
      group('120363000000000009', 'Only here', linked()),
      node('group', { id: 'no address' }),
      node('other', { id: '1' }),
    ]),
  ),
  community: iq(group(street, 'Straße “1” 🏘', node('parent'), ...leading)),
  groups: iq(
    node('sub_groups', {}, [
      node('group', { id: '120363000000000002', subject: 'Announcements', s_t: '1' }, [node('default_sub_group')]),
      node('group', { jid: '120363000000000007@g.us', subject: 'Not joined' }),
      node('group', { id: '120363000000000003' }),
      node('group', { id: '120363000000000008', subject: 'The name' }),
      node('group', { id: '120363000000000010', subject: 'Twice' }, [node('default_sub_group')]),
      node('group', { id: '120363000000000010' }),
      node('group', {}),
    ]),
  ),
  members: iq(
    node('linked_groups_participants', {}, [
      person({ jid: adaLid, phone_number: ada }),
      person({ jid: ada }),
      person({ jid: '15550100004:2@s.whatsapp.net' }),
      person({ jid: '20000000000005@lid', phone_number: '15550100005@s.whatsapp.net', type: 'admin' }),
      person({ jid: 'nobody' }),
      node('other', { jid: ben }),
    ]),
  ),
};

const cases: [string, Answers][] = [
  ['whole', whole],
  ['nothing', { joined: iq(), community: iq(), groups: iq(), members: iq() }],
  [
    'empty lists',
    {
      joined: iq(node('groups')),
      community: iq(group(street, '')),
      groups: iq(node('sub_groups')),
      members: iq(node('linked_groups_participants')),
    },
  ],
  ['a plain group', { ...whole, community: iq(group('120363000000000003', 'Gärten', linked())) }],
];

/** In each line the answers, and what Node reads from them: null where an answer is none. */
export function communities(): string[] {
  return cases.map(([name, answers]) => {
    const joined = joinedGroups(answers.joined);
    const described = describedGroup(answers.community);
    return JSON.stringify({
      name,
      answers,
      communities: joined ? joinedCommunities(joined) : null,
      rows: joined ? communityRows(joined, 1_760_000_000_000) : null,
      community: described ? { parent: described.linkedParent ?? null, is_community: described.isCommunity } : null,
      groups: subGroups(answers.groups, jid(street), joined ?? []) ?? null,
      members: (described && communityMembers(answers.members, described)) ?? null,
    });
  });
}
