import type { Db } from './database.ts';

/** Remembers what was read until somebody else changes the file. */
export class Memo<K, V> {
  readonly #values = new Map<K, V>();
  readonly #db: Db;
  #version = -1;

  constructor(db: Db) {
    this.#db = db;
  }

  get(key: K, read: () => V): V {
    const version = this.#db.pragma('data_version', { simple: true }) as number;
    if (version !== this.#version) this.#values.clear();
    this.#version = version;
    const known = this.#values.get(key);
    if (known !== undefined) return known;
    const value = read();
    this.#values.set(key, value);
    return value;
  }
}
