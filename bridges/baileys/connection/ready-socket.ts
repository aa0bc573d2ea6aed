import { AppError } from '../../../src/domain/errors.ts';
import type { Socket } from '../library/library.ts';
import type { Session } from './session.ts';

/** How long a request waits for the connection, ms. */
const connectMs = 15_000;

/** The open socket, after connecting if necessary; throws `bridge_unavailable` after the timeout. */
export async function readySocket(session: Session): Promise<Socket> {
  session.assertUsable();
  await session.connect();
  const { box } = session;
  await box.until(() => box.state !== 'connecting', connectMs);
  if (box.state !== 'ready' || !session.connection) {
    throw new AppError('bridge_unavailable', box.message ?? 'The connection to WhatsApp could not be made.');
  }
  return session.connection.connected();
}
