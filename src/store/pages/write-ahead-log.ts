import { closeSync, openSync, readSync, statSync } from 'node:fs';

/** The pages that a -wal file overrides in the database file. */
export interface LoggedPages {
  pageSize: number;
  /** For each page, where its last committed content begins in the log. */
  offsets: ReadonlyMap<number, number>;
  /** How many pages the database has after the last commit; null when nothing is committed. */
  pageCount: number | null;
}

const headerBytes = 32;
const frameHeaderBytes = 24;

/** SQLite's checksum over pairs of 32-bit words, continued from an earlier one. */
function checksum(bytes: Buffer, isBig: boolean, [a, b]: readonly [number, number]): [number, number] {
  let first = a;
  let second = b;
  for (let at = 0; at + 8 <= bytes.length; at += 8) {
    const one = isBig ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
    const two = isBig ? bytes.readUInt32BE(at + 4) : bytes.readUInt32LE(at + 4);
    first = (first + one + second) >>> 0;
    second = (second + two + first) >>> 0;
  }
  return [first, second];
}

const sums = (bytes: Buffer, at: number): [number, number] => [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)];
const same = (a: readonly [number, number], b: readonly [number, number]) => a[0] === b[0] && a[1] === b[1];

/**
 * Reads which pages a -wal file holds, as SQLite does after a crash: up to the last commit before the first invalid
 * frame. Undefined when there is no file or it is not a log. Changes nothing.
 */
export function readLog(path: string): LoggedPages | undefined {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return undefined; // opening a pipe would block
  const file = openSync(path, 'r');
  try {
    return pagesOf(file);
  } finally {
    closeSync(file);
  }
}

function pagesOf(file: number): LoggedPages | undefined {
  const head = Buffer.alloc(headerBytes);
  if (readSync(file, head, 0, headerBytes, 0) < headerBytes) return undefined;
  const isBig = head.readUInt32BE(0) === 0x377f0683;
  const pageSize = head.readUInt32BE(8);
  let sum = checksum(head.subarray(0, 24), isBig, [0, 0]);
  const isLog = (isBig || head.readUInt32BE(0) === 0x377f0682) && same(sum, sums(head, 24));
  if (!isLog || pageSize < 512 || pageSize > 65_536) return undefined;
  const salts = sums(head, 16);
  const offsets = new Map<number, number>();
  let open = new Map<number, number>();
  let pageCount: number | null = null;
  const frame = Buffer.alloc(frameHeaderBytes + pageSize);
  for (let at = headerBytes; readSync(file, frame, 0, frame.length, at) === frame.length; at += frame.length) {
    sum = checksum(frame.subarray(0, 8), isBig, sum);
    sum = checksum(frame.subarray(frameHeaderBytes), isBig, sum);
    if (!same(sums(frame, 8), salts) || !same(sum, sums(frame, 16))) break;
    open.set(frame.readUInt32BE(0), at + frameHeaderBytes);
    const committed = frame.readUInt32BE(4);
    if (committed === 0) continue;
    for (const [page, offset] of open) offsets.set(page, offset);
    open = new Map();
    pageCount = committed;
  }
  return { pageSize, offsets, pageCount };
}
