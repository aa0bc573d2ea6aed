import type { PageFile } from './page-file.ts';
import { UnreadableFile } from './page-file.ts';
import { varints } from './record.ts';

export type TreeKind = 'table' | 'index';

/** One row of a table, or one entry of an index. */
export interface Cell {
  /** 0 for entries of an index. */
  rowid: number;
  /** The record, or its beginning where the rest cannot be read. */
  payload: Buffer;
  /** How many bytes the record has. */
  total: number;
  /** How many of the bytes stand in the row's own page. */
  local: number;
  page: number;
  /** Whether the row stands where a search by its number finds it. */
  isInPlace: boolean;
}

interface Node {
  page: number;
  /** The range of row numbers that belong below this page: above `low`, at most `high`. */
  low: number;
  high: number;
  depth: number;
}

const kinds: Record<number, TreeKind> = { 2: 'index', 10: 'index', 5: 'table', 13: 'table' };
const isLeaf = (type: number): boolean => type === 10 || type === 13;
const maxDepth = 40;

/** The visited pages, one bit each. */
export class PageSet {
  readonly #bits: Uint8Array;

  constructor(pages: number) {
    this.#bits = new Uint8Array((pages >> 3) + 1);
  }

  has(page: number): boolean {
    return ((this.#bits[page >> 3] ?? 0) & (1 << (page & 7))) !== 0;
  }

  /** False when the page was already in the set. */
  add(page: number): boolean {
    if (this.has(page)) return false;
    this.#bits[page >> 3] = (this.#bits[page >> 3] ?? 0) | (1 << (page & 7));
    return true;
  }
}

export interface WalkOptions {
  /** Throws UnreadableFile at the first inconsistency; otherwise continues with what can be read. */
  strict: boolean;
  /** The maximum bytes to read of each record; a record cut there counts as complete. */
  maxRecordBytes: number;
}

/** Walks the b-trees of one file. Each page is visited once, so a walk ends even in a damaged file. */
export class TreeWalker {
  readonly visited: PageSet;
  readonly #file: PageFile;
  readonly #options: WalkOptions;
  /** How many bytes of overflow pages may still be read. Damaged rows can share them, so the total needs a limit. */
  #overflowBudget: number;

  constructor(file: PageFile, options: WalkOptions) {
    this.#file = file;
    this.#options = options;
    this.visited = new PageSet(file.pageCount);
    this.#overflowBudget = 8 * file.pageCount * file.pageSize + 64 * 1024 * 1024;
  }

  /** The kind of tree that a page belongs to, by its first byte. */
  kindOf(page: number): TreeKind | undefined {
    return kinds[this.#file.page(page)?.[page === 1 ? 100 : 0] ?? 0];
  }

  *cells(root: number, kind: TreeKind): Generator<Cell> {
    const waiting: Node[] = [{ page: root, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, depth: 0 }];
    let last = Number.NEGATIVE_INFINITY;
    for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
      const page = this.#enter(node, kind);
      if (page === undefined) continue;
      for (const cell of this.#read(page, node, waiting)) {
        if (kind === 'table') {
          if (cell.rowid <= last) this.#object(`rows of page ${node.page} are out of order`);
          cell.isInPlace = cell.isInPlace && cell.rowid > last;
          if (cell.isInPlace) last = cell.rowid;
        }
        yield cell;
      }
    }
  }

  /** The pages that the file lists as unused. */
  freePages(): PageSet {
    const free = new PageSet(this.#file.pageCount);
    const first = this.#file.hasHeader ? (this.#file.page(1)?.readUInt32BE(32) ?? 0) : 0;
    for (let trunk = first; trunk > 1 && free.add(trunk); ) {
      const page = this.#file.page(trunk);
      if (page === undefined) break;
      const count = Math.min(page.readUInt32BE(4), this.#file.usable / 4 - 2);
      for (let n = 0; n < count; n++) free.add(page.readUInt32BE(8 + 4 * n));
      trunk = page.readUInt32BE(0);
    }
    return free;
  }

  /** The pages that an interior page points to, except itself. */
  children(number: number): number[] {
    const page = this.#file.page(number);
    const start = number === 1 ? 100 : 0;
    const type = page?.[start] ?? 0;
    if (page === undefined || kinds[type] === undefined || isLeaf(type)) return [];
    const found = this.#pointers(page, start, 12).map((at) => (at + 4 <= page.length ? page.readUInt32BE(at) : 0));
    return [...found, page.readUInt32BE(start + 8)].filter((child) => child > 1 && child !== number);
  }

  #object(what: string): void {
    if (this.#options.strict) throw new UnreadableFile(`it is damaged: ${what}`);
  }

  #enter({ page: number, depth }: Node, kind: TreeKind): Buffer | undefined {
    const page = this.#file.page(number);
    if (page === undefined) return void this.#object(`page ${number} is missing`);
    if (kinds[page[number === 1 ? 100 : 0] ?? 0] !== kind)
      return void this.#object(`page ${number} is of another kind`);
    if (depth > maxDepth) return void this.#object(`page ${number} is too deep`);
    if (!this.visited.add(number)) return void this.#object(`page ${number} belongs to two places`);
    return page;
  }

  /** Where the cells of a page begin, limited to the page as SQLite does: a damaged pointer stays within it. */
  #pointers(page: Buffer, start: number, headerBytes: number): number[] {
    const said = page.readUInt16BE(start + 3);
    const first = start + headerBytes;
    const count = Math.min(said, Math.floor((this.#file.usable - first) / 2));
    if (count < said) this.#object('a page has more rows than fit');
    return Array.from({ length: count }, (_, n) => page.readUInt16BE(first + 2 * n) & (this.#file.pageSize - 1));
  }

  *#read(page: Buffer, node: Node, waiting: Node[]): Generator<Cell> {
    const start = node.page === 1 ? 100 : 0;
    const type = page[start] ?? 0;
    const pointers = this.#pointers(page, start, isLeaf(type) ? 8 : 12);
    if (isLeaf(type)) {
      for (const at of pointers) yield* this.#leafCell(page, at, node, type === 13);
      return;
    }
    const { children, cells } = this.#interior(page, pointers, node, type === 5);
    children.push({
      page: page.readUInt32BE(start + 8),
      low: children.at(-1)?.high ?? node.low,
      high: node.high,
      depth: node.depth + 1,
    });
    waiting.push(...children.reverse());
    yield* cells;
  }

  #interior(page: Buffer, pointers: readonly number[], node: Node, isTable: boolean) {
    const children: Node[] = [];
    const cells: Cell[] = [];
    let low = node.low;
    for (const at of pointers) {
      if (at + 4 > page.length) continue;
      const key = isTable ? (varints(page, at + 4, 1)?.values[0] ?? low) : 0;
      const depth = node.depth + 1;
      children.push({ page: page.readUInt32BE(at), low, high: isTable ? key : node.high, depth });
      if (isTable) low = key;
      else cells.push(...this.#leafCell(page, at + 4, node, false));
    }
    return { children, cells };
  }

  *#leafCell(page: Buffer, at: number, { page: number, low, high }: Node, isTable: boolean): Generator<Cell> {
    const head = varints(page, at, isTable ? 2 : 1);
    if (head === undefined) return this.#object(`a row of page ${number} has no beginning`);
    const [total = 0, rowid = 0] = head.values;
    const { payload, local } = this.#payload(page, head.next, total, isTable);
    if (payload.length < Math.min(total, this.#options.maxRecordBytes)) this.#object(`a row of page ${number} is cut`);
    if (payload.length === 0) return;
    yield { rowid, payload, total, local, page: number, isInPlace: !isTable || (rowid > low && rowid <= high) };
  }

  /** The record's bytes in its page and in overflow pages. */
  #payload(page: Buffer, at: number, total: number, isTable: boolean): Pick<Cell, 'payload' | 'local'> {
    const { usable } = this.#file;
    const most = isTable ? usable - 35 : Math.floor(((usable - 12) * 64) / 255) - 23;
    if (total <= most) return { payload: page.subarray(at, Math.min(at + total, usable)), local: total };
    const least = Math.floor(((usable - 12) * 32) / 255) - 23;
    const wanted = least + ((total - least) % (usable - 4));
    const local = wanted <= most ? wanted : least;
    const parts = [page.subarray(at, Math.min(at + local, usable))];
    if (at + local + 4 <= usable) {
      this.#overflow(page.readUInt32BE(at + local), Math.min(total, this.#options.maxRecordBytes) - local, parts);
    }
    return { payload: Buffer.concat(parts), local };
  }

  #overflow(first: number, wanted: number, parts: Buffer[]): void {
    let left = wanted;
    const seen = new Set<number>();
    for (let next = first; left > 0 && this.#overflowBudget > 0; ) {
      const page = next > 1 && !seen.has(next) ? this.#file.page(next) : undefined;
      if (page === undefined) return;
      seen.add(next);
      if (this.#options.strict && !this.visited.add(next)) this.#object(`page ${next} belongs to two places`);
      const part = page.subarray(4, Math.min(4 + left, this.#file.usable));
      parts.push(part);
      left -= part.length;
      this.#overflowBudget -= part.length;
      next = page.readUInt32BE(0);
    }
  }
}
