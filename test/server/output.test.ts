import { describe, expect, it } from 'vitest';
import { createOutput, unreadLimit } from '../../src/server/output.ts';

/** A client that reads an answer when it is told to. */
function reader() {
  const unread: { chunk: string; done(error?: Error | null): void }[] = [];
  return {
    unread,
    write: (chunk: string, done: (error?: Error | null) => void) => void unread.push({ chunk, done }),
    read: () => unread.shift()?.done(),
  };
}

describe('the way to stdout', () => {
  it('is full when more is unread than the limit, and free when all was read', () => {
    const client = reader();
    const output = createOutput(undefined, client.write);
    const answer = 'x'.repeat(1024 * 1024);
    for (let sent = 0; sent < unreadLimit; sent += answer.length) output.stream.write(answer);
    expect(output.isFull()).toBe(false);
    output.stream.write('.');
    expect(output.isFull()).toBe(true);
    return new Promise<void>((resolve) => {
      output.onceFree(() => {
        expect(client.unread).toEqual([]);
        expect(output.isFull()).toBe(false);
        resolve();
      });
      const read = () => {
        client.read();
        if (client.unread.length > 0) setImmediate(read);
      };
      read();
    });
  });

  it('leaves out the answer that the client has, once', () => {
    const written: string[] = [];
    const { stream } = createOutput(1, (chunk, done) => {
      written.push(chunk);
      done();
    });
    for (const id of [null, 1, 1, 2]) stream.write(`{"id":${id}}\n`);
    expect(written).toEqual(['{"id":null}\n', '{"id":1}\n', '{"id":2}\n']);
  });
});
