import { type Db, openQueryOnly } from './database.ts';

/** Tells whether messages.db has a message; false while the file is not there or cannot be asked. */
export interface StoredLookup {
  has(chatJid: string, id: string): boolean;
  close(): void;
}

export function openStoredLookup(messagesPath: string): StoredLookup {
  let db: Db | undefined;
  let statement: { get(chatJid: string, id: string): unknown } | undefined;
  const open = () => {
    db = openQueryOnly(messagesPath);
    statement = db.prepare(
      'SELECT 1 FROM messages WHERE chat_id = (SELECT chat_id FROM chat_aliases WHERE alias = ?) AND id = ?',
    );
  };
  return {
    has: (chatJid, id) => {
      try {
        if (!statement) open();
        return statement?.get(chatJid, id) !== undefined;
      } catch {
        return false; // only a figure depends on it: the copy itself decides what is new
      }
    },
    close: () => db?.close(),
  };
}
