import { describe, expect, it } from 'vitest';
import { MediaStore, sealMedia } from '../../src/simulator/media.ts';

const megabyte = 1 << 20;

describe('the media store', () => {
  it('evicts files that can be rebuilt, and rebuilds them on request', async () => {
    const store = new MediaStore();
    let built = 0;
    const body = (index: number) => Buffer.alloc(megabyte, index);
    for (let index = 0; index < 100; index++) {
      store.publish(`/file/${index}`, body(index), async () => {
        built++;
        return body(index);
      });
    }
    expect(built).toBe(0);
    expect((await store.read('/file/99'))?.equals(body(99))).toBe(true);
    expect(built).toBe(0);
    expect((await store.read('/file/0'))?.equals(body(0))).toBe(true);
    expect(built).toBe(1);
  });

  it('never evicts an upload', async () => {
    const store = new MediaStore();
    store.keep('/upload', Buffer.from('mine'));
    for (let index = 0; index < 40; index++) {
      store.publish(`/file/${index}`, Buffer.alloc(megabyte), async () => Buffer.alloc(megabyte));
    }
    expect(await store.read('/upload')).toEqual(Buffer.from('mine'));
    expect(await store.read('/unknown')).toBeUndefined();
  });
});

describe('sealed media', () => {
  it('is equal each time for the same key, and has the hashes of both forms', async () => {
    const key = Buffer.alloc(32, 7);
    const first = await sealMedia(Buffer.from('history'), key, 'md-msg-hist');
    const second = await sealMedia(Buffer.from('history'), key, 'md-msg-hist');
    expect(second).toEqual(first);
    expect(first.body.length).toBe(16 + 10);
    expect(first.fileSha256.toString('hex')).toHaveLength(64);
    expect(first.fileEncSha256).not.toEqual(first.fileSha256);
  });
});
