import type { DataPaths } from '../config.ts';
import { AppError } from '../domain/errors.ts';
import { ChatDirectory } from './chat-directory.ts';
import { Chats } from './chats.ts';
import { Checkpoints } from './checkpoints.ts';
import { Communities } from './communities.ts';
import { Completions } from './completion.ts';
import { Contacts } from './contact-reader.ts';
import { ContactDirectory } from './contacts.ts';
import { type Db, ensureDatabases, openQueryOnly, schemaVersion } from './database.ts';
import { MessageRows } from './message-rows.ts';
import { Messages } from './messages.ts';
import type { Reader } from './reader.ts';
import { SearchFile } from './search-snapshot.ts';
import { Counter } from './statistics.ts';
import { Tokenizer } from './tokenizer.ts';

interface OpenReader extends Omit<Reader, 'health'> {
  db: Db;
}

function build(paths: Pick<DataPaths, 'messages' | 'search'>): OpenReader {
  ensureDatabases(paths);
  const db = openQueryOnly(paths.messages);
  const contacts = new ContactDirectory(db);
  const directory = new ChatDirectory(db, contacts);
  const rows = new MessageRows(db, directory, contacts);
  const chats = new Chats(db, directory, contacts, rows);
  const searchFile = new SearchFile(paths.search, db);
  const tokenizer = new Tokenizer();
  const counter = new Counter(db, directory, contacts);
  const messages = new Messages({ db, chats, directory, contacts, rows, searchFile, counter, tokenizer });
  return {
    db,
    messages,
    chats,
    contacts: new Contacts({ db, chats, directory, contacts, messages }),
    communities: new Communities(db, directory, chats),
    checkpoints: new Checkpoints(db, directory),
    completions: new Completions(db, directory, contacts),
    close() {
      searchFile.close();
      tokenizer.close();
      db.close();
    },
  };
}

/**
 * Opens the read side of the store. Nothing happens before the first use, which creates or migrates messages.db where
 * needed and throws `schema_mismatch` for one that is too new; `health()` reports that instead of throwing.
 */
export function openReader(paths: Pick<DataPaths, 'messages' | 'search'>): Reader {
  let open: OpenReader | undefined;
  const reader = (): OpenReader => {
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
        const { db, messages } = reader();
        return {
          healthy: true,
          path: paths.messages,
          schema_version: schemaVersion(db),
          total_messages: messages.statistics().total_messages,
          message: null,
        };
      } catch (error) {
        const message =
          error instanceof AppError ? error.message : 'messages.db cannot be read; the server log has the details.';
        return { healthy: false, path: paths.messages, schema_version: 0, total_messages: 0, message };
      }
    },
    close() {
      open?.close();
      open = undefined;
    },
  };
}
