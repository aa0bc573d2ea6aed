import { findLostStore, lostStoreError } from '../../store/opening/lost-store.ts';
import { type Check, fail, ok } from './check.ts';

/** Whether messages.db is the file that the linked devices filled: an empty or older one would hide what is lost. */
export const store: Check = {
  name: 'messages',
  needsSoundFiles: true,
  run({ paths }) {
    const lost = findLostStore(paths);
    if (lost === null) return ok('No copied message is missed.');
    const { message, hint } = lostStoreError(lost);
    return fail(message, hint);
  },
};
