import { chmodSync, chownSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { withSidecars } from '../../../src/store/sqlite/backup.ts';
import { seeded } from '../random.ts';

const pageBytes = 4096;

/** A user that owns nothing here, and one that runs the server in place of root, who would see no fault. */
export const stranger = 65533;
export const plainUser = 65534;

export interface DamageKind {
  /** Damages a closed file. */
  damage(path: string, seed: number): void;
  /** Whether only a process without root's rights sees the damage. */
  asPlainUser?: true;
  /** Whether nothing of the whole data directory is read then. */
  isRefused?: true;
  /** What a file without content is: one that is made again. */
  isGone?: true;
  /** Whether a reader may miss the damage, because it changes bytes that no query needs. */
  mayHide?: true;
}

const rewrite = (path: string, change: (content: Buffer) => Buffer): void =>
  writeFileSync(path, change(readFileSync(path)));

function withoutSidecars(path: string): void {
  for (const beside of withSidecars(path).slice(1)) rmSync(beside, { force: true });
}

function fillPages(content: Buffer, share: number, seed: number): Buffer {
  const random = seeded(seed);
  const pages = Math.floor(content.length / pageBytes);
  for (let count = Math.max(1, Math.round(pages * share)); count > 0; count--) {
    const at = Math.floor(random() * pages) * pageBytes;
    for (let byte = at; byte < at + pageBytes; byte++) content[byte] = Math.floor(random() * 256);
  }
  return content;
}

export const damageKinds = {
  missing: { damage: (path) => rmSync(path), isGone: true },
  empty: { damage: (path) => writeFileSync(path, ''), isGone: true },
  'first page zeroed': {
    damage: (path) => rewrite(path, (content) => content.fill(0, 0, Math.min(pageBytes, content.length))),
  },
  '24 bytes overwritten': {
    damage: (path, seed) =>
      rewrite(path, (content) => {
        const random = seeded(seed);
        const at = 100 + Math.floor(random() * Math.max(1, content.length - 124));
        for (let byte = at; byte < at + 24; byte++) content[byte] = Math.floor(random() * 256);
        return content;
      }),
    mayHide: true,
  },
  '5 % of pages': { damage: (path, seed) => rewrite(path, (content) => fillPages(content, 0.05, seed)), mayHide: true },
  'cut in half': {
    damage: (path) => rewrite(path, (content) => content.subarray(0, Math.floor(content.length / 2))),
    mayHide: true,
  },
  'of another program': {
    damage(path) {
      rmSync(path);
      const db = new Database(path);
      db.exec("CREATE TABLE messages (chat TEXT, text TEXT); INSERT INTO messages VALUES ('a', 'theirs')");
      db.close();
    },
  },
  'a text file': { damage: (path) => writeFileSync(path, 'a shopping list\n'.repeat(400)) },
  'read-only': { damage: (path) => chmodSync(path, 0o400), asPlainUser: true },
  'owned by another user': {
    damage(path) {
      chmodSync(path, 0o600);
      chownSync(path, stranger, stranger);
    },
    asPlainUser: true,
    isRefused: true,
  },
} as const satisfies Record<string, DamageKind>;

export type DamageName = keyof typeof damageKinds;

/** Damages a file that no connection has open and removes what SQLite left beside it. Ignores a missing file. */
export function damageFile(path: string, name: DamageName, seed: number): void {
  withoutSidecars(path);
  if (!statSync(path, { throwIfNoEntry: false })) return;
  const { damage }: DamageKind = damageKinds[name];
  damage(path, seed);
}
