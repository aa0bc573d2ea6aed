import type { BridgeLog } from '../bridge.ts';
import { additional } from './credentials.ts';
import type { AuthenticationCreds, Library, Socket } from './library.ts';

/**
 * Reads the address book and the chats' settings from the start, once per linked device and as soon as the phone has
 * shared the key. The library does it only as a part of its own history path. Not as its "initial" sync: that one holds
 * back every setting of a chat until the library itself has seen the chat.
 */
export async function syncAppState(
  library: Library,
  socket: Socket,
  creds: AuthenticationCreds,
  log: BridgeLog,
): Promise<void> {
  if (!creds.myAppStateKeyId || additional(creds).appState) return;
  try {
    await socket.resyncAppState(library.ALL_WA_PATCH_NAMES, false);
  } catch {
    return log.warn({}, 'names and chat settings could not be read; it is tried again at the next connect');
  }
  socket.ev.emit('creds.update', {
    accountSyncCounter: (creds.accountSyncCounter || 0) + 1,
    additionalData: { ...additional(creds), appState: true },
  });
}
