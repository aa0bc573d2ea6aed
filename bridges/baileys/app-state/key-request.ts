import type { AuthenticationCreds, Library, Socket } from '../library/library.ts';

/**
 * Requests keys of the account's settings (ids in base64) from the phone, which answers with a key share like the one
 * after linking, or not at all. Resolves when the request is sent.
 */
export async function requestKeys(
  library: Library,
  socket: Socket,
  creds: AuthenticationCreds,
  ids: readonly string[],
): Promise<void> {
  const keyIds = ids.map((id) => ({ keyId: Buffer.from(id, 'base64') }));
  const type = library.proto.Message.ProtocolMessage.Type.APP_STATE_SYNC_KEY_REQUEST;
  const message = { protocolMessage: { type, appStateSyncKeyRequest: { keyIds } } };
  await socket.relayMessage(library.jidNormalizedUser(creds.me?.id), message, {
    additionalAttributes: { category: 'peer', push_priority: 'high_force' },
    additionalNodes: [{ tag: 'meta', attrs: { appdata: 'default' } }],
  });
}
