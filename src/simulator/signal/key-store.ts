import type { SignalDataSet, SignalDataTypeMap, SignalKeyStoreWithTransaction } from '@whiskeysockets/baileys';

/** Signal keys of one simulated device, in memory. Work under the same key runs one at a time. */
export class MemoryKeyStore implements SignalKeyStoreWithTransaction {
  private readonly rows = new Map<string, unknown>();
  private readonly lanes = new Map<string, Promise<unknown>>();

  get<T extends keyof SignalDataTypeMap>(type: T, ids: string[]): { [id: string]: SignalDataTypeMap[T] } {
    const found: { [id: string]: SignalDataTypeMap[T] } = {};
    for (const id of ids) {
      const value = this.rows.get(`${type} ${id}`);
      if (value !== undefined) found[id] = value as SignalDataTypeMap[T];
    }
    return found;
  }

  set(data: SignalDataSet): void {
    for (const [type, rows] of Object.entries(data)) {
      for (const [id, value] of Object.entries(rows ?? {})) {
        if (value === null) this.rows.delete(`${type} ${id}`);
        else this.rows.set(`${type} ${id}`, value);
      }
    }
  }

  isInTransaction(): boolean {
    return false;
  }

  transaction<T>(work: () => Promise<T>, key: string): Promise<T> {
    const result = (this.lanes.get(key) ?? Promise.resolve()).then(work);
    const lane = result.then(
      () => undefined,
      () => undefined,
    );
    this.lanes.set(key, lane);
    void lane.then(() => {
      if (this.lanes.get(key) === lane) this.lanes.delete(key);
    });
    return result;
  }
}
