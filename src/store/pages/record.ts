import { isUtf8 } from 'node:buffer';

/** What SQLite stores in one field. Integers beyond the safe ones are bigints. */
export type Value = null | number | bigint | string | Buffer;

export type Encoding = 'utf8' | 'utf16le' | 'utf16be';

/** Where the last varint ends. */
let end = 0;

/** A variable-length integer. Values above 2^53 lose precision, and no caller accepts such values. */
function varint(bytes: Buffer, at: number): number {
  let value = 0;
  for (let n = 0; n < 8; n++) {
    const byte = bytes[at + n];
    if (byte === undefined) return cut();
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) {
      end = at + n + 1;
      return value;
    }
  }
  const last = bytes[at + 8];
  if (last === undefined) return cut();
  end = at + 9;
  return value * 256 + last;
}

function cut(): number {
  end = -1;
  return -1;
}

/** The varints at a place and the offset after them; undefined when the bytes end before. */
export function varints(bytes: Buffer, at: number, count: number): { values: number[]; next: number } | undefined {
  const values: number[] = [];
  let next = at;
  for (let n = 0; n < count; n++) {
    values.push(varint(bytes, next));
    if (end < 0) return undefined;
    next = end;
  }
  return { values, next };
}

const integerBytes = [0, 1, 2, 3, 4, 6, 8];

const sizeOf = (type: number): number => {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return type === 7 ? 8 : (integerBytes[type] ?? 0);
};

/** Whether the current record has text that is invalid in its encoding. */
let isReplaced = false;

function text(bytes: Buffer, encoding: Encoding): string {
  if (encoding === 'utf8') {
    const decoded = bytes.toString('utf8');
    isReplaced ||= decoded.includes('\ufffd') && !isUtf8(bytes);
    return decoded;
  }
  const even = bytes.subarray(0, bytes.length & ~1);
  return encoding === 'utf16le' ? even.toString('utf16le') : Buffer.from(even).swap16().toString('utf16le');
}

function field(type: number, bytes: Buffer, encoding: Encoding): Value {
  if (type >= 12) return type % 2 === 0 ? bytes : text(bytes, encoding);
  if (type >= 1 && type <= 5) return bytes.readIntBE(0, bytes.length);
  if (type === 6) {
    const whole = bytes.readBigInt64BE(0);
    return Number.isSafeInteger(Number(whole)) ? Number(whole) : whole;
  }
  if (type === 7) return bytes.readDoubleBE(0);
  return type === 0 ? null : type - 8;
}

export interface Fields {
  values: Value[];
  /**
   * The number of the field where the bytes end; that field and the later ones are missing or cut. Null when all are
   * there.
   */
  cutAt: number | null;
  /** Whether invalid text was replaced by replacement characters. */
  isReplaced: boolean;
}

/** The types of the fields, and where the first field begins. */
function header(bytes: Buffer, most: number): { types: number[]; start: number } | undefined {
  const size = varints(bytes, 0, 1);
  const start = size?.values[0] ?? -1;
  if (size === undefined || start < size.next || start > bytes.length) return undefined;
  const types: number[] = [];
  for (let at = size.next; at < start; at = end) {
    const type = varint(bytes, at);
    if (end < 0 || end > start || type === 10 || type === 11 || types.length >= most) return undefined;
    types.push(type);
  }
  return { types, start };
}

/**
 * The fields of a record of `total` bytes, of which `bytes` is all or the beginning. Undefined when the bytes are not a
 * record, or one with more than `most` fields.
 */
export function fieldsOf(bytes: Buffer, total: number, encoding: Encoding, most: number): Fields | undefined {
  const head = header(bytes, most);
  if (head === undefined) return undefined;
  const { types, start } = head;
  isReplaced = false;
  const values: Value[] = [];
  let cutAt: number | null = null;
  let at = start;
  for (const type of types) {
    const next = at + sizeOf(type);
    if (next > total) return undefined;
    if (next <= bytes.length) values.push(field(type, bytes.subarray(at, next), encoding));
    else {
      cutAt ??= values.length;
      // The beginning of a cut text is worth keeping; half a number or blob is not.
      const isText = type >= 13 && type % 2 === 1 && at < bytes.length;
      values.push(isText ? text(bytes.subarray(at), encoding) : null);
    }
    at = next;
  }
  return { values, cutAt, isReplaced };
}
