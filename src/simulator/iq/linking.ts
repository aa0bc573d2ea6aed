import { announceDevices } from '../phone/phone.ts';
import { childBytes, children, node } from '../wire/node.ts';
import { CodeOffer } from '../wire/pairing-code.ts';
import { badRequest, empty, type IqHandlers, unauthorized } from './handler.ts';

/** What the phone shows of a client that wants to be linked by a code; WhatsApp takes no other form and no other names. */
const display = /^(Chrome|Edge|Firefox|IE|Opera|Safari) \((Linux|Mac OS|Ubuntu|Windows)\)$/;

/** Linking by a code, seen from the client, and linked devices seen from one of them. */
export const linking: IqHandlers = {
  'md/set/link_code_companion_reg': ({ realm, device, connection, iq }) => {
    const [stage] = children(iq);
    if (device || !stage) return unauthorized;
    if (stage.attrs['stage'] === 'companion_finish') {
      return { ...empty, after: () => connection.code?.finish(stage) };
    }
    if (!display.test(childBytes(stage, 'companion_platform_display').toString())) return badRequest;
    const offer = new CodeOffer(stage);
    if (!realm.account.isMe(`${offer.phone}@s.whatsapp.net`)) return { error: 404, text: 'item-not-found' };
    connection.code = offer;
    const ref = node('link_code_pairing_ref', {}, offer.ref);
    return { content: [node('link_code_companion_reg', { stage: 'companion_hello' }, [ref])] };
  },
  'md/set/remove-companion-device': ({ realm, device, connection }) => {
    if (!device) return unauthorized;
    realm.account.unlink(device);
    announceDevices(realm, device);
    return { ...empty, after: () => connection.streamError({ code: 401, conflict: 'device_removed' }) };
  },
};
