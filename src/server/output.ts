import { Writable } from 'node:stream';
import { protocolOutput } from '../stdout.ts';
import type { RequestId } from './greeting.ts';

/** Answers that wait for the client to read them, in characters; the longest results have some 100,000. */
export const unreadLimit = 16 * 1024 * 1024;

/** The way to stdout for everything that the server says. */
export interface Output {
  stream: Writable;
  /** True while so much is unread that nothing more may be asked. */
  isFull(): boolean;
  /** Calls back once, when all was read. Only while it is full. */
  onceFree(listener: () => void): void;
}

/** Leaves out the answer with the id `answered`, once: the client has it. */
export function createOutput(
  answered?: RequestId,
  write: (chunk: string, done: (error?: Error | null) => void) => unknown = protocolOutput.write,
): Output {
  let owed = answered;
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      if (owed === undefined || JSON.parse(chunk).id !== owed) {
        write(chunk, done);
        return;
      }
      owed = undefined;
      done();
    },
  });
  stream.setMaxListeners(0); // each answer that the transport has written waits for the stream to be free
  return {
    stream,
    isFull: () => stream.writableLength > unreadLimit,
    onceFree: (listener) => void stream.once('drain', listener),
  };
}
