import { getBinaryNodeChild } from '@whiskeysockets/baileys';
import { node } from '../wire/node.ts';
import type { IqHandlers } from './handler.ts';

/** A one-pixel picture; tests only check that there is one. */
const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** Pictures of people; groups have none here. */
export const people: IqHandlers = {
  'w:profile:picture/get/picture': ({ context, iq }) => {
    const { target = '' } = iq.attrs;
    const picture = context.account.person(target)?.picture;
    if (!picture) return { error: 404, text: 'item-not-found' };
    if (picture === 'hidden') return { error: 401, text: 'not-authorized' };
    const { type = 'image' } = getBinaryNodeChild(iq, 'picture')?.attrs ?? {};
    const direct_path = `/v/t61.24694-24/${picture.id}_${type}.png`;
    context.media.keep(direct_path, dot);
    const url = `http://${context.mediaHost}${direct_path}`;
    return { content: [node('picture', { id: picture.id, type, url, direct_path })] };
  },
};
