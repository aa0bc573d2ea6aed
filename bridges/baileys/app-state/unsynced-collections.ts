import type { KeyValueStore, MissingSettings } from '../../bridge.ts';
import { parse, serialize } from '../library/codec.ts';

/** The settings that the phone shares with all devices, and what a user misses without each. */
export const collections = {
  critical_block: 'own name',
  critical_unblock_low: 'names from the address book',
  regular_high: 'muted chats',
  regular_low: 'archived, pinned and read chats',
  regular: 'labels and other settings',
} as const;
export type Collection = keyof typeof collections;
export const collectionNames = Object.keys(collections) as Collection[];

/** Why a collection could not be read to its end. */
export const reasons = {
  key: 'the phone has not shared the key',
  refused: 'WhatsApp did not give an answer',
  file: 'a file could not be downloaded',
  damaged: 'what WhatsApp keeps could not be read whole',
} as const;
export type Reason = keyof typeof reasons;

/** One row per collection that is behind; `reason` is set once the delay is more than a few seconds. */
const type = 'app-state-behind';
interface Row {
  reason: Reason | null;
  at: number;
}

const readRow = (value: string): Row => parse(value) as Row;

/** Persists which collections are behind WhatsApp. */
export class UnsyncedCollections {
  readonly #keys: Pick<KeyValueStore, 'get' | 'set'>;

  constructor(keys: Pick<KeyValueStore, 'get' | 'set'>) {
    this.#keys = keys;
  }

  behind(): Collection[] {
    const rows = this.#keys.get(type, collectionNames);
    return collectionNames.filter((name) => rows.has(name));
  }

  /** Marks collections as behind; keeps a reason that is already set. */
  markBehind(names: readonly Collection[], at: number): void {
    const known = new Set(this.behind());
    this.#write(names.filter((name) => !known.has(name)).map((name) => [name, { reason: null, at }]));
  }

  /** Records why a read failed. */
  markFailed(name: Collection, reason: Reason, at: number): void {
    const known = this.#keys.get(type, [name]).get(name);
    const before = known === undefined ? undefined : readRow(known);
    if (before?.reason !== reason) this.#write([[name, { reason, at: before?.at ?? at }]]);
  }

  /** Marks a collection as read to its end. */
  markRead(name: Collection): void {
    if (this.#keys.get(type, [name]).size > 0) this.#write([[name, null]]);
  }

  /** The collections with a reason, for a person. */
  missing(): MissingSettings[] {
    return [...this.#keys.get(type, collectionNames)].flatMap(([name, value]) => {
      const { reason, at } = readRow(value);
      return reason ? [{ what: collections[name as Collection], reason: reasons[reason], since: at }] : [];
    });
  }

  #write(rows: readonly (readonly [Collection, Row | null])[]): void {
    if (rows.length === 0) return;
    this.#keys.set(rows.map(([id, row]) => ({ type, id, value: row && serialize(row) })));
  }
}
