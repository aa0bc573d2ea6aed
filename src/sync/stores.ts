import { existsSync } from 'node:fs';
import { forgetDamage, hasFoundDamage, storeFailure } from '../store/files/failure.ts';
import { authOwner } from '../store/files/owner.ts';
import { type FedStore, fedStoreOf, rememberInAuth } from '../store/opening/fed-store.ts';
import { lostStore, lostStoreError } from '../store/opening/lost-store.ts';
import { openMessagesWriter } from '../store/opening/open-messages.ts';
import { openIndex, type SearchIndex } from '../store/search/indexer.ts';
import { type Db, fileId, openWriter } from '../store/sqlite/database.ts';
import type { WorkerSettings } from './worker-protocol.ts';
import { createWriteThrottle, type WriteThrottle } from './write-throttle.ts';

interface OpenMessages {
  db: Db;
  throttle: WriteThrottle;
  fileId: number;
}

/** The files that the worker writes, each opened at its first use and reopened when it was replaced. */
export class Stores {
  readonly #paths: WorkerSettings['paths'];
  #messages: OpenMessages | undefined;
  #index: SearchIndex | undefined;
  #remembered: FedStore | undefined;

  constructor(paths: WorkerSettings['paths']) {
    this.#paths = paths;
  }

  messages(): OpenMessages {
    const { messages } = this.#paths;
    if (this.#messages && this.#messages.fileId !== fileId(messages)) {
      this.#closeMessages();
      forgetDamage(messages);
    }
    if (!this.#messages) {
      const db = openMessagesWriter(this.#paths);
      this.#messages = { db, throttle: createWriteThrottle(db), fileId: fileId(messages) };
    }
    return this.#messages;
  }

  /**
   * messages.db to copy into. Throws `store_unavailable` when it is not the file that staging.db filled so far, or is
   * damaged in any part: what is copied into a file that a backup replaces tomorrow would be lost.
   */
  fed(): OpenMessages {
    const open = this.messages();
    if (hasFoundDamage(this.#paths.messages)) throw storeFailure('damaged', this.#paths.messages);
    const lost = lostStore(this.#paths, open.db);
    if (lost) throw lostStoreError(lost);
    return open;
  }

  index(): SearchIndex {
    this.#index ??= openIndex(this.#paths.search);
    return this.#index;
  }

  /** Records in auth.db, where it exists, which file received the rows, in case staging.db is lost together with it. */
  remember(): void {
    const { auth } = this.#paths;
    const store = this.#messages && fedStoreOf(this.#messages.db);
    if (!store || !existsSync(auth)) return;
    if (store.id === this.#remembered?.id && store.seq === this.#remembered.seq) return;
    try {
      const db = openWriter(auth, authOwner);
      try {
        rememberInAuth(db, store);
        this.#remembered = store;
      } finally {
        db.close();
      }
    } catch {
      // staging.db has the same record; the code that needs auth.db reports what is wrong with it
    }
  }

  close(): void {
    this.#index?.close();
    this.#closeMessages();
  }

  #closeMessages(): void {
    this.#messages?.db.close();
    this.#messages = undefined;
  }
}
