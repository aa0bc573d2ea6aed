import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { inflate } from 'node:zlib';
import type { Library, proto } from './library.ts';
import type { HistoryData } from './translate/history.ts';

const inflateAsync = promisify(inflate);
/** A media file ends with the first bytes of its MAC. */
const macLength = 10;

/** The media server answered with something else than the file. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
  readonly status: number;

  constructor(status: number) {
    super(`download failed with status ${status}`);
    this.status = status;
  }
}

type Notification = proto.Message.IHistorySyncNotification;

/**
 * The encrypted file, whole. Not by the library: it pipes the response without an error handler, so that a connection
 * lost half way would end our process, and it checks neither MAC nor hash.
 */
async function download(library: Library, directPath: string, request: RequestInit): Promise<Buffer> {
  const headers = { Origin: library.DEFAULT_ORIGIN };
  const response = await fetch(library.getUrlFromDirectPath(directPath), { ...request, headers });
  if (!response.ok) {
    await response.body?.cancel();
    throw new DownloadError(response.status);
  }
  return Buffer.from(await response.arrayBuffer());
}

/** Throws when the file is not what the owner of the media key sealed. */
async function unseal(library: Library, file: Buffer, mediaKey: Uint8Array): Promise<Buffer> {
  const { cipherKey, iv, macKey } = await library.getMediaKeys(mediaKey, 'md-msg-hist');
  const sealed = file.subarray(0, -macLength);
  const mac = createHmac('sha256', macKey ?? '')
    .update(iv)
    .update(sealed)
    .digest()
    .subarray(0, macLength);
  if (file.length <= macLength || !timingSafeEqual(mac, file.subarray(-macLength))) {
    throw new Error('The file was changed on its way.');
  }
  const decipher = createDecipheriv('aes-256-cbc', cipherKey, iv);
  return Buffer.concat([decipher.update(sealed), decipher.final()]);
}

/** What a history notification brings, from inside of it or from the media server. Throws DownloadError, or what fails. */
export async function readHistory(
  library: Library,
  notification: Notification,
  request: RequestInit,
): Promise<HistoryData> {
  const { initialHistBootstrapInlinePayload: inline, directPath, mediaKey } = notification;
  let packed: Uint8Array;
  if (inline?.length) packed = inline;
  else if (directPath && mediaKey) {
    packed = await unseal(library, await download(library, directPath, request), mediaKey);
  } else throw new Error('The notification names no file.');
  return library.processHistoryMessage(library.proto.HistorySync.decode(await inflateAsync(packed)));
}
