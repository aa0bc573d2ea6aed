import type { JournalEntry, KeyValueStore, StanzaKey } from '../../../../bridges/bridge.ts';

/** A KeyValueStore in memory that records its calls. */
export interface MemoryKeys extends KeyValueStore {
  rows: Map<string, string>;
  sets: { rows: readonly { type: string; id: string; value: string | null }[]; journal: readonly JournalEntry[] }[];
  done: StanzaKey[];
  forgotten: string[];
  /** When set, every call throws it. */
  failure: Error | undefined;
}

const isDone = (done: readonly StanzaKey[], { id, source }: StanzaKey): boolean =>
  done.some((stanza) => stanza.id === id && stanza.source === source);

export function memoryKeys(): MemoryKeys {
  const rows = new Map<string, string>();
  const journal = new Map<string, JournalEntry>();
  const keys: MemoryKeys = {
    rows,
    sets: [],
    done: [],
    forgotten: [],
    failure: undefined,
    get(type, ids) {
      if (keys.failure) throw keys.failure;
      const found = ids.map((id) => [id, rows.get(`${type} ${id}`)] as const);
      return new Map(found.filter((row): row is readonly [string, string] => row[1] !== undefined));
    },
    set(changed, entries = []) {
      if (keys.failure) throw keys.failure;
      keys.sets.push({ rows: changed, journal: entries });
      for (const { type, id, value } of changed) {
        if (value === null) rows.delete(`${type} ${id}`);
        else rows.set(`${type} ${id}`, value);
      }
      for (const entry of entries) if (!journal.has(entry.hash)) journal.set(entry.hash, entry);
    },
    journalEntry: (hash) => journal.get(hash),
    journalOf: (id) => [...journal.values()].filter(({ stanzaId }) => stanzaId === id),
    journalPending: () =>
      [...journal.values()].filter(({ stanzaId, source }) => !isDone(keys.done, { id: stanzaId ?? '', source })),
    journalDone: (stanzas) => void keys.done.push(...stanzas),
    journalForget: (ids) => void keys.forgotten.push(...ids),
    journalPrune: () => 0,
    wipe() {
      rows.clear();
      journal.clear();
    },
    close: () => {},
  };
  return keys;
}
