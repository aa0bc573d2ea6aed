import { createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type { Library } from './library.ts';

/** A media file ends with the first bytes of its MAC. */
const macLength = 10;

/** The media server answered with something other than the file. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
  readonly status: number;

  constructor(status: number) {
    super(`download failed with status ${status}`);
    this.status = status;
  }
}

/** The media type, which the key derivation includes. */
type Kind = Parameters<Library['getMediaKeys']>[1];

/**
 * Downloads the whole encrypted file. The library's own download lacks an error handler, so that a connection lost half
 * way would end our process, and it checks neither MAC nor hash.
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

/** Downloads and decrypts a file; throws DownloadError, also when MAC or hash differ, or the error of fetch. */
export async function openSealedFile(
  library: Library,
  { directPath, mediaKey }: { directPath: string; mediaKey: Uint8Array },
  kind: Kind,
  request: RequestInit,
): Promise<Buffer> {
  const file = await download(library, directPath, request);
  const { cipherKey, iv, macKey } = await library.getMediaKeys(mediaKey, kind);
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
