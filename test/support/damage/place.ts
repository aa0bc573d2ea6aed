import { chownSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bridgePaths, dataPaths } from '../../../src/config.ts';
import { openAuth } from '../../../src/store/auth.ts';
import { openWriter } from '../../../src/store/sqlite/database.ts';
import { createDeviceLock } from '../../../src/store/sqlite/lock.ts';
import { openStaging } from '../../../src/store/staging/staging.ts';
import { createIngest } from '../../../src/sync/ingest.ts';
import { createWorkerTasks } from '../../../src/sync/worker-tasks.ts';
import { message, messages } from '../../sync/fixtures.ts';
import { plainUser } from './kinds.ts';

/** The files that can be damaged, by their names. */
export function damagePaths(dataDir: string) {
  const { messages, search, auth, staging, lock } = dataPaths(dataDir);
  return {
    'messages.db': messages,
    'staging.db': staging,
    'search.db': search,
    'auth.db': auth,
    'lock.db': lock,
    'whatsmeow.db': bridgePaths(dataDir).session,
  };
}
export type DamagedFile = keyof ReturnType<typeof damagePaths>;

export const copiedRows = 200;
export const waitingRows = 5;
/** A word of one stored message. */
export const rareWord = 'peculiar';
export const rareId = 'RARE1';

/** A populated data directory that no process uses: 200 copied messages with an index, 5 staged ones, credentials. */
export async function populate(dataDir: string): Promise<void> {
  const paths = dataPaths(dataDir);
  const staging = openStaging(paths.staging);
  const sink = createIngest(staging, { quietMs: 0 });
  const rows = [...messages(copiedRows - 1), message({ id: rareId, content: `a ${rareWord} word` })];
  sink.ingest({ lane: 'history', chunkId: 'first', messages: rows });
  openAuth(paths.auth).close();
  const jobs = createWorkerTasks({ paths, quietMs: 0 });
  await jobs.transfer('history', { signal: new AbortController().signal, progress: () => {} });
  jobs.close();
  const later = Array.from({ length: waitingRows }, (_, index) => message({ id: `LATER${index}` }));
  sink.ingest({ lane: 'history', chunkId: 'second', messages: later });
  staging.close();
  const lock = createDeviceLock(paths.lock);
  lock.tryAcquire();
  lock.release();
  const session = openWriter(bridgePaths(dataDir).session);
  session.exec('CREATE TABLE bridge_marks (name TEXT PRIMARY KEY) STRICT');
  session.close();
}

/** Where every user may enter: the folder for temporary files of a run of tests is closed to others. */
export const openToAll = '/tmp';

/** Makes one populated directory, and a copy of it for every cell of a grid. */
export class DamageBed {
  readonly #folder: string;
  readonly #origin: string;
  #made: Promise<void> | undefined;
  #copies = 0;

  constructor(parent = tmpdir()) {
    this.#folder = mkdtempSync(join(parent, 'damage-'));
    this.#origin = join(this.#folder, 'origin');
  }

  /** The path of a copy; below `parent` where that is given. */
  async copy(parent = this.#folder): Promise<string> {
    this.#made ??= populate(this.#origin);
    await this.#made;
    const path = join(parent, `copy-${++this.#copies}`);
    cpSync(this.#origin, path, { recursive: true });
    return path;
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** Makes the plain user the owner of the directory, and its parent folders accessible. */
  giveToPlainUser(dataDir: string): void {
    chownSync(this.#folder, plainUser, plainUser);
    chownSync(dataDir, plainUser, plainUser);
    for (const entry of readdirSync(dataDir, { recursive: true, encoding: 'utf8' })) {
      chownSync(join(dataDir, entry), plainUser, plainUser);
    }
  }
}
