/**
 * JSON that preserves bytes in Baileys' own form (`BufferJSON`): `{"type":"Buffer","data":"<base64>"}`. We have our own
 * copy so that reading credentials does not load the library.
 */

function pack(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  // Buffer's own toJSON runs first and leaves an array of numbers.
  const buffer = 'type' in value && value.type === 'Buffer' && 'data' in value ? value.data : value;
  if (buffer instanceof Uint8Array || (buffer !== value && Array.isArray(buffer))) {
    return { type: 'Buffer', data: Buffer.from(buffer).toString('base64') };
  }
  return value;
}

function unpack(_key: string, value: unknown): unknown {
  if (value === null || typeof value !== 'object' || !('type' in value) || value.type !== 'Buffer') return value;
  const data = 'data' in value ? value.data : undefined;
  if (typeof data === 'string') return Buffer.from(data, 'base64');
  return Array.isArray(data) ? Buffer.from(data) : value;
}

export const serialize = (value: unknown): string => JSON.stringify(value, pack);
export const parse = (text: string): unknown => JSON.parse(text, unpack);
