import { AppError } from '../../../src/domain/errors.ts';
import { operations } from '../../operations/catalog.ts';
import type { BinaryNode, Socket } from '../library/library.ts';

const { answerTimeoutMs } = operations['connection.logout'];

/** Handles the answers of WhatsApp during linking that the library ignores; `isByCode` says whether a code was requested. */
export function watchLinking(
  socket: Pick<Socket, 'ws'>,
  isByCode: () => boolean,
  onRefused: (error: AppError) => void,
): void {
  socket.ws.on('CB:notification,type:passkey_prologue_request', () =>
    onRefused(
      new AppError('needs_passkey', 'WhatsApp asks for a passkey to link this account; the bridge cannot give one.'),
    ),
  );
  socket.ws.on('CB:iq,type:error', (answer: BinaryNode) => onRefused(refusalOf(answer, isByCode())));
}

function refusalOf({ content }: BinaryNode, isByCode: boolean): AppError {
  const error = Array.isArray(content) ? content.find(({ tag }) => tag === 'error') : undefined;
  const code = error?.attrs['code'] ?? 'without a code';
  const [tooMany, refused] = isByCode
    ? ['WhatsApp gives no more codes for this number at the moment.', 'link by a code for this number']
    : ['WhatsApp links no more devices at the moment.', 'link this device'];
  return code === '429'
    ? new AppError('rate_limited', tooMany)
    : new AppError('upstream_rejected', `WhatsApp refused to ${refused} (${code}).`);
}

/**
 * Requests a pairing code for the phone with this number (digits); calls `onAnswered` when WhatsApp accepts it.
 * `browser` is the list that the socket was made with; the library reads it again here, because WhatsApp accepts a code
 * only from a known "Browser (OS)".
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

/** Removes this device from the account; resolves when WhatsApp confirms it. */
export async function unlinkDevice(socket: Socket, jid: string): Promise<void> {
  const request = { tag: 'remove-companion-device', attrs: { jid, reason: 'user_initiated' } };
  const attrs = { to: 's.whatsapp.net', type: 'set', xmlns: 'md' };
  const answer = await socket
    .query({ tag: 'iq', attrs, content: [request] }, answerTimeoutMs)
    .catch((error: unknown) => {
      const code = (error as { data?: unknown }).data;
      throw typeof code === 'number'
        ? new AppError('upstream_rejected', `WhatsApp refused to remove this device (${code}).`, { cause: error })
        : new AppError('upstream_unanswered', 'The connection ended before the device was removed.', { cause: error });
    });
  if (!answer) throw new AppError('upstream_unanswered', 'WhatsApp did not confirm that the device was removed.');
}
