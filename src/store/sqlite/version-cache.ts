import type { Db } from './database.ts';

/** Caches what was read until another connection changes the file. */
export class VersionedCache<K, V> {
  readonly #values = new Map<K, V>();
  readonly #readVersion;
  #version: number | undefined;

  constructor(db: Db) {
    this.#readVersion = db.prepare<[], number>('PRAGMA data_version').pluck();
  }

  get(key: K, read: () => V): V {
    const version = this.#readVersion.get();
    if (version !== this.#version) this.#values.clear();
    this.#version = version;
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const value = read();
    this.#values.set(key, value);
    return value;
  }
}
