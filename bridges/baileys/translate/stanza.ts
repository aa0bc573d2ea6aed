import { cutText } from '../../../src/domain/cut.ts';
import type { BinaryNode } from '../library/library.ts';

/** Child elements with this tag. The library has this function too, but this code must run without loading it. */
export function childrenOf(parent: BinaryNode | undefined, tag: string): BinaryNode[] {
  return Array.isArray(parent?.content) ? parent.content.filter((child) => child.tag === tag) : [];
}

export function childOf(parent: BinaryNode | undefined, tag: string): BinaryNode | undefined {
  return childrenOf(parent, tag)[0];
}

/** The text in an element, cut to a length; undefined when it is empty or absent. */
export function textIn(node: BinaryNode | undefined, most: number): string | undefined {
  const content = node?.content;
  const text = content instanceof Uint8Array ? Buffer.from(content).toString('utf8') : content;
  return typeof text === 'string' && text.trim() !== '' ? cutText(text.trim(), most) : undefined;
}

export const textOf = (parent: BinaryNode | undefined, tag: string, most = 500): string | undefined =>
  textIn(childOf(parent, tag), most);
