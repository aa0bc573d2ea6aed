import { AppError } from '../../../src/domain/errors.ts';
import type { Socket } from '../library/library.ts';
import type { Session } from './session.ts';

/** How long a question waits for the connection, ms. */
const connectMs = 15_000;

/** The open socket, connected first where that is needed; throws `bridge_unavailable` when it cannot be had in time. */
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
