import { skeleton } from '../../domain/names.ts';
import type { Db } from '../sqlite/database.ts';
import { VersionedCache } from '../sqlite/version-cache.ts';

/** The number of skeletons kept until the file changes. */
const maxSkeletons = 50_000;

/** Answers whether a name looks like one that the user saved for another person, or like the user's own. */
export class SavedNames {
  readonly #db: Db;
  readonly #bearers: VersionedCache<'all', ReadonlyMap<string, ReadonlySet<number>>>;
  readonly #skeletons = new Map<string, string>();

  constructor(db: Db) {
    this.#db = db;
    this.#bearers = new VersionedCache(db);
  }

  /** `contactId` is the row of the person who chose the name; null for a person without a row. */
  belongsToAnother(name: string, contactId: number | null): boolean {
    const bearers = this.#bearers.get('all', () => this.#read()).get(this.#skeleton(name));
    return bearers !== undefined && (bearers.size > 1 || contactId === null || !bearers.has(contactId));
  }

  #read(): Map<string, Set<number>> {
    const rows = this.#db
      .prepare<[], { id: number; name: string }>(
        `SELECT id, saved_name AS name FROM contacts WHERE merged_into IS NULL AND saved_name <> ''
         UNION ALL SELECT c.id, c.push_name FROM contacts AS c JOIN meta ON key IN ('account_jid', 'account_lid')
           AND value IN (c.jid, c.pn, c.lid) WHERE c.push_name <> ''`,
      )
      .all();
    const bearers = new Map<string, Set<number>>();
    for (const { id, name } of rows) {
      const alike = this.#skeleton(name);
      if (alike !== '') bearers.set(alike, (bearers.get(alike) ?? new Set()).add(id));
    }
    return bearers;
  }

  #skeleton(name: string): string {
    const known = this.#skeletons.get(name);
    if (known !== undefined) return known;
    if (this.#skeletons.size >= maxSkeletons) this.#skeletons.clear();
    const alike = skeleton(name);
    this.#skeletons.set(name, alike);
    return alike;
  }
}
