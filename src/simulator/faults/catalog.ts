import type { BinaryNode } from '@whiskeysockets/baileys';
import { node } from '../wire/node.ts';

/**
 * What can go wrong with one page of a catalog or of its collections: its first product without an id, its second
 * without a price that is a number; a way on that leads to the first page again; no list in the answer at all.
 */
export const catalogFaults = ['malformed', 'loop', 'bare'] as const;
export type CatalogFault = (typeof catalogFaults)[number];

const without = (product: BinaryNode, tag: string): BinaryNode[] =>
  (product.content as BinaryNode[]).filter((child) => child.tag !== tag);

/** The products of a page as they are sent with this fault. */
export function damaged(products: BinaryNode[], fault: CatalogFault | undefined): BinaryNode[] {
  if (fault !== 'malformed') return products;
  return products.map((product, index) => {
    if (index === 0) return { ...product, content: without(product, 'id') };
    if (index !== 1) return product;
    return { ...product, content: [...without(product, 'price'), node('price', {}, Buffer.from('as agreed'))] };
  });
}

/** Faults of catalogs, one for each of the pages to come. */
export class CatalogFaults {
  private readonly planned: CatalogFault[] = [];

  plan(fault: CatalogFault, times: number): void {
    for (let i = 0; i < times; i++) this.planned.push(fault);
  }

  take(): CatalogFault | undefined {
    return this.planned.shift();
  }
}
