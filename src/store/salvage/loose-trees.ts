import type { PageFile } from '../pages/page-file.ts';
import type { PageSet, TreeKind, TreeWalker } from '../pages/tree.ts';

export interface LooseTree {
  root: number;
  kind: TreeKind;
}

/**
 * The b-trees of pages that no walk has visited and that are not listed as unused. First the roots, the largest first,
 * because a page that was freed long ago stands alone; then every remaining page, because a freed page may point to
 * pages that are in use again.
 */
export function* looseTrees(file: PageFile, walker: TreeWalker, free: PageSet): Generator<LooseTree> {
  const { trees, inner } = treesOf(file, walker, free);
  yield* trees;
  for (const tree of inner) if (!walker.visited.has(tree.root)) yield tree;
}

function treesOf(file: PageFile, walker: TreeWalker, free: PageSet): { trees: LooseTree[]; inner: LooseTree[] } {
  const below = new Set<number>();
  const found: (LooseTree & { size: number })[] = [];
  const isLoose = (page: number): boolean => !walker.visited.has(page) && !free.has(page);
  for (let page = 2; page <= file.pageCount; page++) {
    const kind = isLoose(page) ? walker.kindOf(page) : undefined;
    if (kind === undefined) continue;
    const pages = walker.children(page).filter((child) => isLoose(child) && walker.kindOf(child) === kind);
    for (const child of pages) below.add(child);
    found.push({ root: page, kind, size: pages.length });
  }
  found.sort((a, b) => b.size - a.size);
  return { trees: found.filter(({ root }) => !below.has(root)), inner: found.filter(({ root }) => below.has(root)) };
}
