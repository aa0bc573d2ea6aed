import { node } from '../wire/node.ts';
import { empty, type IqHandlers } from './handler.ts';

const settings = {
  readreceipts: 'all',
  profile: 'all',
  status: 'all',
  online: 'all',
  last: 'all',
  groupadd: 'all',
  calladd: 'all',
};

/** Requests about privacy settings. */
export const privacy: IqHandlers = {
  'privacy/get/privacy': () => ({
    content: [
      node(
        'privacy',
        {},
        Object.entries(settings).map(([name, value]) => node('category', { name, value })),
      ),
    ],
  }),
  'privacy/set/tokens': () => empty,
  'blocklist/get': ({ context }) => {
    const items = [...context.account.blocked].map((jid) => node('item', { jid }));
    return { content: [node('list', { dhash: String(items.length) }, items)] };
  },
};
