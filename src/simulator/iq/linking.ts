import { announceDevices } from '../phone/phone.ts';
import { childBytes, children, node } from '../wire/node.ts';
import { CodeOffer } from '../wire/pairing-code.ts';
import { badRequest, empty, type IqHandlers, unauthorized } from './handler.ts';

/** The display name of a client that is linked by a code; WhatsApp accepts no other form and no other names. */
const display = /^(Chrome|Edge|Firefox|IE|Opera|Safari) \((Linux|Mac OS|Ubuntu|Windows)\)$/;

/** Requests of a client that is being linked by a code, and of a linked device about its link. */
export const linking: IqHandlers = {
  'md/set/link_code_companion_reg': ({ context, device, connection, iq }) => {
    const [stage] = children(iq);
    if (device || !stage) return unauthorized;
    if (stage.attrs['stage'] === 'companion_finish') {
      return { ...empty, after: () => connection.code?.finish(stage) };
    }
    if (!display.test(childBytes(stage, 'companion_platform_display').toString())) return badRequest;
    const offer = new CodeOffer(stage);
    if (!context.account.isMe(`${offer.phone}@s.whatsapp.net`)) return { error: 404, text: 'item-not-found' };
    connection.code = offer;
    const ref = node('link_code_pairing_ref', {}, offer.ref);
    return { content: [node('link_code_companion_reg', { stage: 'companion_hello' }, [ref])] };
  },
  'md/set/remove-companion-device': ({ context, device, connection }) => {
    if (!device) return unauthorized;
    context.account.unlink(device);
    announceDevices(context, device);
    return { ...empty, after: () => connection.streamError({ code: 401, conflict: 'device_removed' }) };
  },
};
