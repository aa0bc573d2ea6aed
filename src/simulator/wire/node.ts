import { type BinaryNode, getBinaryNodeChild, S_WHATSAPP_NET } from '@whiskeysockets/baileys';

/** The server's own address. It must be sent as a JID: whatsmeow ignores every stanza that has it as plain text. */
export const SERVER = S_WHATSAPP_NET;

type Attributes = Record<string, string | number | undefined>;

/** Builds a stanza; leaves out undefined attributes. */
export function node(tag: string, attributes: Attributes = {}, content?: BinaryNode['content']): BinaryNode {
  const attrs: Record<string, string> = {};
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) attrs[name] = String(value);
  return content === undefined ? { tag, attrs } : { tag, attrs, content };
}

/** The children of a stanza; none when its content is text or bytes. */
export function children(parent: BinaryNode | undefined): BinaryNode[] {
  return Array.isArray(parent?.content) ? parent.content : [];
}

/** Bytes of a named child. Throws when the child is missing. */
export function childBytes(parent: BinaryNode, tag: string): Buffer {
  const content = getBinaryNodeChild(parent, tag)?.content;
  if (content instanceof Uint8Array) return Buffer.from(content);
  throw new Error(`stanza <${parent.tag}> lacks <${tag}>`);
}

/** A big-endian unsigned number of any width, as WhatsApp writes key ids. */
export function readUint(bytes: Uint8Array): number {
  return bytes.reduce((value, byte) => value * 256 + byte, 0);
}

/** Seconds since 1970, the unit of every `t` attribute. */
export function seconds(): number {
  return Math.floor(Date.now() / 1000);
}
