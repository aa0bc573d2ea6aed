import { createCipheriv, createHash, createHmac } from 'node:crypto';
import { getMediaKeys, type MediaType } from '@whiskeysockets/baileys';

const CACHE_BYTES = 32 << 20;
const MAC_LENGTH = 10;

export interface SealedMedia {
  body: Buffer;
  fileSha256: Buffer;
  fileEncSha256: Buffer;
}

/** Encrypts a file as WhatsApp stores it: AES-CBC under the media key, followed by ten bytes of MAC. */
export async function sealMedia(plaintext: Buffer, mediaKey: Uint8Array, type: MediaType): Promise<SealedMedia> {
  const { cipherKey, iv, macKey } = await getMediaKeys(mediaKey, type);
  if (!macKey) throw new Error('no MAC key for this kind of media');
  const cipher = createCipheriv('aes-256-cbc', cipherKey, iv);
  const sealed = Buffer.concat([cipher.update(plaintext), cipher.final()]);
  const mac = createHmac('sha256', macKey).update(iv).update(sealed).digest().subarray(0, MAC_LENGTH);
  const body = Buffer.concat([sealed, mac]);
  return { body, fileSha256: sha256(plaintext), fileEncSha256: sha256(body) };
}

function sha256(data: Uint8Array): Buffer {
  return createHash('sha256').update(data).digest();
}

type Build = () => Promise<Buffer>;

/**
 * Files on the media server, by path. Files that can be rebuilt are evicted when there are too many: a long history
 * must not stay in memory, and a client may still request its first blob.
 */
export class MediaStore {
  private readonly builders = new Map<string, Build>();
  private readonly cached = new Map<string, Buffer>();
  private cachedBytes = 0;

  /** `build` must give the same bytes each time. */
  publish(path: string, body: Buffer, build: Build): void {
    this.builders.set(path, build);
    this.cache(path, body);
  }

  /** Keeps an uploaded file for good. */
  keep(path: string, body: Buffer): void {
    this.builders.set(path, async () => body);
  }

  /** The file at a path; undefined when there never was one. */
  async read(path: string): Promise<Buffer | undefined> {
    const held = this.cached.get(path);
    if (held) return held;
    const body = await this.builders.get(path)?.();
    if (body) this.cache(path, body);
    return body;
  }

  delete(path: string): void {
    this.builders.delete(path);
    this.drop(path);
  }

  private cache(path: string, body: Buffer): void {
    this.drop(path);
    this.cached.set(path, body);
    this.cachedBytes += body.length;
    for (const oldest of this.cached.keys()) {
      if (this.cachedBytes <= CACHE_BYTES) break;
      this.drop(oldest);
    }
  }

  private drop(path: string): void {
    this.cachedBytes -= this.cached.get(path)?.length ?? 0;
    this.cached.delete(path);
  }
}
