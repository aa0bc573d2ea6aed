import type { DataPaths } from '../config.ts';
import type { AppError } from '../domain/errors.ts';
import { asStoreFailure, forgetDamage, hasFoundDamage, storeFailure } from './files/failure.ts';
import { ChatDirectory } from './names/chat-directory.ts';
import { ContactDirectory } from './names/contact-directory.ts';
import { lostStore, lostStoreError } from './opening/lost-store.ts';
import { openMessages } from './opening/open-messages.ts';
import { Chats } from './read/chats.ts';
import { Checkpoints } from './read/checkpoints.ts';
import { Communities } from './read/communities.ts';
import { Completions } from './read/completion.ts';
import { Contacts } from './read/contacts.ts';
import { MessageRows } from './read/message-rows.ts';
import { Messages } from './read/messages.ts';
import { StatisticsReader } from './read/statistics.ts';
import { noticeOf, type Reader, type StoreHealth, type StoreNotice } from './reader.ts';
import { SearchIndexReader } from './search/snapshot.ts';
import { type Db, schemaVersion } from './sqlite/database.ts';
import type { Readable } from './sqlite/readable.ts';

type ReaderPaths = Pick<DataPaths, 'messages' | 'search' | 'staging' | 'auth'>;

interface OpenReader extends Omit<Reader, 'health' | 'notice'> {
  file: Readable;
  lost: AppError | undefined;
}

function build(paths: ReaderPaths): OpenReader {
  forgetDamage(paths.messages);
  const file = openMessages(paths);
  const { db } = file;
  const contacts = new ContactDirectory(db);
  const directory = new ChatDirectory(db, contacts);
  const rows = new MessageRows(db, directory, contacts);
  const chats = new Chats(db, directory, contacts, rows);
  const searchFile = new SearchIndexReader(paths.search, db);
  const counter = new StatisticsReader(db, directory, contacts);
  const messages = new Messages({ db, chats, directory, contacts, rows, searchFile, counter });
  return {
    file,
    lost: lostIn(paths, db),
    messages,
    chats,
    contacts: new Contacts({ db, chats, directory, contacts, messages }),
    communities: new Communities(db, directory, chats),
    checkpoints: new Checkpoints(db, directory),
    completions: new Completions(db, directory, contacts),
    close() {
      searchFile.close();
      db.close();
    },
  };
}

/**
 * Opens the read side of the store. The first use opens the file: it creates or migrates messages.db where needed, and
 * throws `schema_mismatch` for one that is too new and `store_unavailable` for one that cannot be used; `health()`
 * reports that instead of throwing. A replaced messages.db is reopened.
 */
export function openReader(paths: ReaderPaths): Reader {
  let open: OpenReader | undefined;
  const close = () => {
    open?.close();
    open = undefined;
  };
  const reader = (): OpenReader => {
    if (open?.file.isStale()) close();
    open ??= build(paths);
    return open;
  };
  return {
    get messages() {
      return reader().messages;
    },
    get chats() {
      return reader().chats;
    },
    get contacts() {
      return reader().contacts;
    },
    get communities() {
      return reader().communities;
    },
    get checkpoints() {
      return reader().checkpoints;
    },
    get completions() {
      return reader().completions;
    },
    health() {
      try {
        const current = reader();
        current.lost = lostIn(paths, current.file.db);
        return healthOf(paths, current);
      } catch (error) {
        const known = asStoreFailure(error, paths.messages);
        const message = known?.message ?? 'messages.db cannot be read; the server log has the details.';
        const next_step = known?.hint ?? 'Run `whatsapp-hybrid-mcp doctor`.';
        return { healthy: false, path: paths.messages, schema_version: 0, total_messages: 0, message, next_step };
      }
    },
    notice() {
      const { lost } = reader();
      return lost ? noticeOf(lost) : null;
    },
    close,
  };
}

function lostIn(paths: ReaderPaths, db: Db): AppError | undefined {
  const lost = lostStore(paths, db);
  return lost ? lostStoreError(lost) : undefined;
}

function healthOf(paths: ReaderPaths, { file, lost, messages }: OpenReader): StoreHealth {
  if (hasFoundDamage(paths.messages)) throw storeFailure('damaged', paths.messages);
  const figures = {
    path: paths.messages,
    schema_version: schemaVersion(file.db),
    total_messages: messages.statistics().total_messages,
  };
  const notice = lost ? noticeOf(lost) : (unwritable(paths, file) ?? messages.searchNotice());
  if (!notice) return { healthy: true, ...figures, message: null };
  return { healthy: false, ...figures, ...notice };
}

function unwritable(paths: ReaderPaths, { fault }: Readable): StoreNotice | null {
  if (fault === null) return null;
  const failure = storeFailure(fault, paths.messages);
  return { message: `${failure.message} What is stored can be read; nothing new is stored.`, next_step: failure.hint };
}
