import { groupNode } from '../groups.ts';
import { node } from '../node.ts';
import type { IqHandlers } from './handler.ts';

/** Groups, as far as reading goes. */
export const groups: IqHandlers = {
  'w:g2/get/query': ({ realm, iq }) => {
    const group = realm.groups.get(iq.attrs['to'] ?? '');
    return group ? { content: [groupNode(realm.account, group)] } : { error: 404, text: 'item-not-found' };
  },
  'w:g2/get/participating': ({ realm }) => ({
    content: [
      node(
        'groups',
        {},
        realm.groups.all().map((group) => groupNode(realm.account, group)),
      ),
    ],
  }),
};
