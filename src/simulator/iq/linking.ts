import { empty, type IqHandlers, unauthorized } from './handler.ts';

/** Linked devices, seen from a linked device. */
export const linking: IqHandlers = {
  'md/set/remove-companion-device': ({ realm, device, connection }) => {
    if (!device) return unauthorized;
    realm.account.unlink(device);
    return { ...empty, after: () => connection.streamError({ code: 401, conflict: 'device_removed' }) };
  },
};
