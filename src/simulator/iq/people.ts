import type { IqHandlers } from './handler.ts';

/** Nobody in this world has a picture. */
export const people: IqHandlers = {
  'w:profile:picture/get/picture': () => ({ error: 404, text: 'item-not-found' }),
};
