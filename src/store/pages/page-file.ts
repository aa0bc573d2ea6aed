import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { realFile } from '../../system/folder.ts';
import type { Encoding } from './record.ts';
import { type LoggedPages, readLog } from './write-ahead-log.ts';

/** A file that cannot be read; the message follows the file's name. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

const magic = 'SQLite format 3\0';
const encodings: Record<number, Encoding> = { 1: 'utf8', 2: 'utf16le', 3: 'utf16be' };
const pageSizes = [4096, 1024, 2048, 8192, 16_384, 32_768, 65_536, 512];
/** The type bytes that begin pages of a b-tree. */
const treeTypes = [2, 5, 10, 13];
/** Of the best share of such pages; a page size with at least this much counts as good as the best. */
const sameShare = 0.75;

interface Shape {
  pageSize: number;
  /** Usable bytes in each page. */
  usable: number;
  encoding: Encoding;
  userVersion: number;
}

/** Reads the 100-byte header; undefined when it is not that of a database. */
function shapeOf(header: Buffer): Shape | undefined {
  if (header.length < 100 || header.toString('latin1', 0, 16) !== magic) return undefined;
  const said = header.readUInt16BE(16);
  const pageSize = said === 1 ? 65_536 : said;
  const usable = pageSize - (header[20] ?? 0);
  const isSize = pageSize >= 512 && (pageSize & (pageSize - 1)) === 0 && usable >= 480;
  const encoding = encodings[header.readUInt32BE(56) || 1];
  if (!isSize || encoding === undefined) return undefined;
  return { pageSize, usable, encoding, userVersion: header.readUInt32BE(60) };
}

/**
 * The pages of a database file as of the last commit, including its log. Reads bytes only: runs no SQL, creates and
 * changes nothing, and holds one page in memory.
 */
export class PageFile {
  readonly pageSize: number;
  readonly usable: number;
  readonly encoding: Encoding;
  readonly userVersion: number;
  readonly pageCount: number;
  /** False when the first page is lost and the shape is a guess. */
  readonly hasHeader: boolean;
  /** How many of its pages are missing from the file. */
  readonly missingPages: number;
  readonly #file: number;
  readonly #log: LoggedPages | undefined;
  readonly #logFile: number | undefined;
  readonly #bytes: number;
  readonly #path: string;
  readonly #state: string;

  /** Throws UnreadableFile when it is not a database file; `guess` accepts a file that lost its first page. */
  constructor(named: string, { guess = false } = {}) {
    const path = realFile(named);
    // Opening a pipe would block until a writer opens it.
    if (!statSync(path).isFile()) throw new UnreadableFile('it is no regular file');
    this.#file = openSync(path, 'r');
    this.#path = path;
    this.#state = stateOf(path);
    try {
      this.#bytes = fstatSync(this.#file).size;
      this.#log = readLog(`${path}-wal`);
      this.#logFile = this.#log && openSync(`${path}-wal`, 'r');
      const shape = shapeOf(this.#firstBytes()) ?? (guess ? this.#guess() : undefined);
      if (shape === undefined) throw new UnreadableFile(this.#bytes === 0 ? 'it is empty' : 'it is no SQLite database');
      this.hasHeader = shapeOf(this.#firstBytes()) !== undefined;
      this.pageSize = shape.pageSize;
      this.usable = shape.usable;
      this.encoding = shape.encoding;
      this.userVersion = shape.userVersion;
      const inFile = Math.ceil(this.#bytes / this.pageSize);
      this.pageCount = this.#log?.pageCount ?? Math.max(inFile, this.#headerPageCount());
      this.missingPages = Math.max(0, this.pageCount - inFile - (this.#log?.offsets.size ?? 0));
    } catch (error) {
      this.close();
      throw error;
    }
  }

  /**
   * A page by its number, from 1; undefined when there is no such page. Missing bytes of the last page read as zeros.
   */
  page(number: number): Buffer | undefined {
    if (!Number.isInteger(number) || number < 1 || number > this.pageCount) return undefined;
    const page = Buffer.alloc(this.pageSize);
    const logged = this.#log?.offsets.get(number);
    const [file, at] = logged === undefined ? [this.#file, (number - 1) * this.pageSize] : [this.#logFile, logged];
    try {
      return readSync(file as number, page, 0, this.pageSize, at) > 0 ? page : undefined;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EIO') return undefined; // a bad sector
      throw error;
    }
  }

  /**
   * Whether the file was written since it was opened. The reader takes no locks, so its pages may then not fit
   * together.
   */
  hasChanged(): boolean {
    return stateOf(this.#path) !== this.#state;
  }

  close(): void {
    for (const file of [this.#file, this.#logFile]) if (file !== undefined) closeSync(file);
  }

  #firstBytes(): Buffer {
    const bytes = Buffer.alloc(100);
    const logged = this.#log?.offsets.get(1);
    const [file, at] = logged === undefined ? [this.#file, 0] : [this.#logFile as number, logged];
    return bytes.subarray(0, readSync(file, bytes, 0, 100, at));
  }

  /**
   * The page count of the header, where it is valid. A larger count than the file has means that its end is missing.
   */
  #headerPageCount(): number {
    const header = this.#firstBytes();
    const counts = this.hasHeader && header.readUInt32BE(24) === header.readUInt32BE(92);
    // A count far beyond the file's size comes from damage.
    return counts ? Math.min(header.readUInt32BE(28), 16 * Math.ceil(this.#bytes / this.pageSize) + 1024) : 0;
  }

  /** Guesses the page size: the one at which most pages begin like b-tree pages. */
  #guess(): Shape | undefined {
    const sizes = this.#log === undefined ? pageSizes : [this.#log.pageSize];
    const byte = Buffer.alloc(1);
    const score = (size: number): number => {
      let found = 0;
      const pages = Math.floor(this.#bytes / size);
      const step = Math.max(1, Math.floor(pages / 500));
      for (let page = 1; page < pages; page += step) {
        readSync(this.#file, byte, 0, 1, page * size);
        if (treeTypes.includes(byte[0] ?? 0)) found++;
      }
      return found / Math.max(1, Math.ceil(pages / step));
    };
    const scores = sizes.map((size) => ({ size, share: score(size) })).sort((a, b) => a.size - b.size);
    const most = Math.max(...scores.map(({ share }) => share));
    // Pages of twice the true size begin where true ones do, so they score alike but for chance; half of it scores half.
    const best = scores.find(({ share }) => share >= most * sameShare);
    if (best === undefined || (best.share < 0.05 && this.#log === undefined)) return undefined;
    return { pageSize: best.size, usable: best.size, encoding: 'utf8', userVersion: 0 };
  }
}

/** Changes with every write to a database or its log. */
function stateOf(path: string): string {
  const states = [path, `${path}-wal`].map((one) => statSync(one, { throwIfNoEntry: false }));
  return states.map((state) => (state?.size ? `${state.ino} ${state.size} ${state.mtimeMs}` : 'none')).join(', ');
}

/** Whether a rollback journal beside a database shows that the file holds half of a transaction. */
export function hasHotJournal(path: string): boolean {
  const journal = `${realFile(path)}-journal`;
  if (!statSync(journal, { throwIfNoEntry: false })?.isFile()) return false;
  const file = openSync(journal, 'r');
  try {
    const bytes = Buffer.alloc(8);
    return readSync(file, bytes, 0, 8, 0) === 8 && bytes.toString('hex') === 'd9d505f920a163d7';
  } finally {
    closeSync(file);
  }
}
