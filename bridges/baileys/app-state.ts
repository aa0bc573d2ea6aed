import type { BridgeLog } from '../bridge.ts';
import type { KeyStore } from './auth-state.ts';
import { additional } from './credentials.ts';
import type { AuthenticationCreds, BinaryNode, Library, Socket } from './library.ts';

/** Devices whose further notifications are looked at. */
const watched = new WeakSet<Socket>();

/** One notification may name several collections with news; the library reads the first. */
function watchCollections(library: Library, socket: Socket, log: BridgeLog): void {
  if (watched.has(socket)) return;
  watched.add(socket);
  socket.ws.on('CB:notification,type:server_sync', (node: BinaryNode) => {
    const named = library.getBinaryNodeChildren(node, 'collection').map(({ attrs }) => attrs['name']);
    const others = library.ALL_WA_PATCH_NAMES.filter((name) => named.indexOf(name) > 0);
    if (others.length === 0) return;
    socket.resyncAppState(others, false).catch(() => log.warn({}, 'chat settings could not be read'));
  });
}

/**
 * The library stores how far it has read before it hands over what it read. A process that ended in between would never
 * see those changes again, so everything is read anew until a reading has reached the store.
 */
function forgetProgress(library: Library, keys: KeyStore): void {
  keys.set({ 'app-state-sync-version': Object.fromEntries(library.ALL_WA_PATCH_NAMES.map((name) => [name, null])) });
}

/**
 * Reads the address book, the chats' settings and the groups from the start, once per linked device and as soon as the
 * phone has shared the key. The library does it only as a part of its own history path. Not as its "initial" sync: that
 * one holds back every setting of a chat until the library itself has seen the chat.
 */
export async function syncAppState(
  library: Library,
  socket: Socket,
  creds: AuthenticationCreds,
  keys: KeyStore,
  log: BridgeLog,
): Promise<void> {
  watchCollections(library, socket, log);
  if (!creds.myAppStateKeyId || (additional(creds).appState && !keys.hasUnstoredChanges())) return;
  try {
    forgetProgress(library, keys);
    await socket.resyncAppState(library.ALL_WA_PATCH_NAMES, false);
    await socket.groupFetchAllParticipating(); // what it finds comes as an event
  } catch {
    return log.warn({}, 'names and chat settings could not be read; it is tried again at the next connect');
  }
  socket.ev.flush(); // into the store, before it counts as read
  if (!socket.ws.isOpen) return; // the store did not take it
  socket.ev.emit('creds.update', {
    accountSyncCounter: (creds.accountSyncCounter || 0) + 1,
    additionalData: { ...additional(creds), appState: true },
  });
}
