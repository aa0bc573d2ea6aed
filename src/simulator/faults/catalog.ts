import type { BinaryNode } from '@whiskeysockets/baileys';
import { node } from '../wire/node.ts';

/**
 * Faults of a page of a catalog or its collections: `malformed` has a first product without an id and a second without
 * a numeric price; `loop` has a cursor that leads to the first page again; `bare` has no list at all.
 */
export const catalogFaults = ['malformed', 'loop', 'bare'] as const;
export type CatalogFault = (typeof catalogFaults)[number];

const without = (product: BinaryNode, tag: string): BinaryNode[] =>
  (product.content as BinaryNode[]).filter((child) => child.tag !== tag);

/** The products of a page with this fault applied. */
export function damaged(products: BinaryNode[], fault: CatalogFault | undefined): BinaryNode[] {
  if (fault !== 'malformed') return products;
  return products.map((product, index) => {
    if (index === 0) return { ...product, content: without(product, 'id') };
    if (index !== 1) return product;
    return { ...product, content: [...without(product, 'price'), node('price', {}, Buffer.from('as agreed'))] };
  });
}

/** Faults of catalogs, one for each of the next pages. */
export class CatalogFaults {
  private readonly planned: CatalogFault[] = [];

  plan(fault: CatalogFault, times: number): void {
    for (let i = 0; i < times; i++) this.planned.push(fault);
  }

  take(): CatalogFault | undefined {
    return this.planned.shift();
  }
}
