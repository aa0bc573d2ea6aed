import { getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import { node } from '../node.ts';
import type { IqHandlers } from './handler.ts';

/**
 * Settings of the account. The phone has none yet, but every collection that is asked for must be named in the answer:
 * for one that is missing Baileys asks again at once, for ever.
 */
export const appState: IqHandlers = {
  'w:sync:app:state/set/sync': ({ iq }) => {
    const asked = getBinaryNodeChildren(getBinaryNodeChild(iq, 'sync'), 'collection');
    const collections = asked.map(({ attrs }) =>
      node('collection', { name: attrs['name'], version: attrs['version'] ?? 0, type: 'result' }),
    );
    return { content: [node('sync', {}, collections)] };
  },
};
