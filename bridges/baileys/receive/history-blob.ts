import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import { openSealedFile } from '../library/encrypted-file.ts';
import type { Library, proto } from '../library/library.ts';
import type { HistoryData } from '../translate/history.ts';

const inflateAsync = promisify(inflate);

type Notification = proto.Message.IHistorySyncNotification;

/**
 * The content of a history notification, inline or from the media server. Throws DownloadError or the error of fetch.
 */
export async function readHistory(
  library: Library,
  notification: Notification,
  request: RequestInit,
): Promise<HistoryData> {
  const { initialHistBootstrapInlinePayload: inline, directPath, mediaKey } = notification;
  let packed: Uint8Array;
  if (inline?.length) packed = inline;
  else if (directPath && mediaKey) {
    packed = await openSealedFile(library, { directPath, mediaKey }, 'md-msg-hist', request);
  } else throw new Error('The notification names no file.');
  return library.processHistoryMessage(library.proto.HistorySync.decode(await inflateAsync(packed)));
}
