import { getBinaryNodeChild, getBinaryNodeChildren } from '@whiskeysockets/baileys';
import { node } from '../node.ts';
import type { IqHandlers } from './handler.ts';

/**
 * Settings of the account. Every collection that is asked for must be named in the answer: for one that is missing
 * Baileys asks again at once, for ever.
 */
export const appState: IqHandlers = {
  'w:sync:app:state/set/sync': async ({ realm, iq }) => {
    await realm.appState.ready;
    const asked = getBinaryNodeChildren(getBinaryNodeChild(iq, 'sync'), 'collection');
    const collections = asked.map(({ attrs }) => {
      const { name = '', version = '0' } = attrs;
      const patches = realm.appState.patchesAfter(name, Number(version)).map((bytes) => node('patch', {}, bytes));
      const news = patches.length > 0 ? [node('patches', {}, patches)] : undefined;
      return node('collection', { name, version: realm.appState.version(name), type: 'result' }, news);
    });
    return { content: [node('sync', {}, collections)] };
  },
};
