import { AppError } from '../../../src/domain/errors.ts';
import type { Session } from './session.ts';

/** How long a logout waits for the connection, ms. */
const connectMs = 20_000;

/** Removes the linked device from its account and deletes its keys; false when no device was linked. */
export async function logout(session: Session): Promise<boolean> {
  session.assertUsable();
  if (!session.credentials()) return false;
  await session.connect();
  const { box } = session;
  await box.until(() => box.state !== 'connecting', connectMs);
  if (box.state !== 'ready' || !session.connection) {
    const why = box.message ?? 'The connection could not be made.';
    throw new AppError('bridge_unavailable', `${why} The device can also be removed on the phone, at any time.`);
  }
  await session.connection.unlink().catch((error) => {
    if (session.credentials()) throw error; // otherwise WhatsApp has removed the device already, which is the goal
  });
  await session.forget('This device was logged out. What was received stays.');
  return true;
}
