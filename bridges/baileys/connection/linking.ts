import { AppError } from '../../../src/domain/errors.ts';
import type { BinaryNode, Socket } from '../library/library.ts';

/** How long WhatsApp gets to confirm that this device was removed, ms. */
const unlinkMs = 10_000;

/** What WhatsApp says while a device is being linked, to which the library does not listen. */
export function watchLinking(socket: Socket, onRefused: (error: AppError) => void): void {
  socket.ws.on('CB:notification,type:passkey_prologue_request', () =>
    onRefused(
      new AppError('needs_passkey', 'WhatsApp asks for a passkey to link this account; the bridge cannot give one.'),
    ),
  );
  socket.ws.on('CB:iq,type:error', (answer: BinaryNode) => onRefused(refusalOf(answer)));
}

function refusalOf({ content }: BinaryNode): AppError {
  const error = Array.isArray(content) ? content.find(({ tag }) => tag === 'error') : undefined;
  const code = error?.attrs['code'] ?? 'without a code';
  return code === '429'
    ? new AppError('rate_limited', 'WhatsApp gives no more codes for this number at the moment.')
    : new AppError('upstream_rejected', `WhatsApp refused to link by a code for this number (${code}).`);
}

/**
 * A code for the phone of this number (digits); `onAnswered` is called when WhatsApp has accepted it. `browser` is the
 * list that the socket was made with and looks at again: what the device is linked as was said when it connected, and
 * for a code WhatsApp takes nothing but a "Browser (OS)" that it knows.
 */
export function requestCode(
  socket: Socket,
  browser: [string, string, string],
  phone: string,
  onAnswered: () => void,
): Promise<string> {
  browser.splice(0, 2, 'Mac OS', 'Chrome');
  socket.ws.once('CB:iq,type:result,link_code_companion_reg', onAnswered);
  return socket.requestPairingCode(phone);
}

/** Removes this device from the account; returns when WhatsApp has confirmed it. */
export async function unlinkDevice(socket: Socket, jid: string): Promise<void> {
  const request = { tag: 'remove-companion-device', attrs: { jid, reason: 'user_initiated' } };
  const attrs = { to: 's.whatsapp.net', type: 'set', xmlns: 'md' };
  const answer = await socket.query({ tag: 'iq', attrs, content: [request] }, unlinkMs).catch((error: unknown) => {
    const code = (error as { data?: unknown }).data;
    throw typeof code === 'number'
      ? new AppError('upstream_rejected', `WhatsApp refused to remove this device (${code}).`, { cause: error })
      : new AppError('upstream_unanswered', 'The connection ended before the device was removed.', { cause: error });
  });
  if (!answer) throw new AppError('upstream_unanswered', 'WhatsApp did not confirm that the device was removed.');
}
