import { type Db, openQueryOnly } from '../sqlite/database.ts';

/** What messages.db already contains; nothing while the file is missing or unreadable. */
export interface StoredLookup {
  has(chatJid: string, id: string): boolean;
  /** The address of the account that owns the messages. */
  account(): string | undefined;
  close(): void;
}

export function openStoredLookup(messagesPath: string): StoredLookup {
  let db: Db | undefined;
  const has = `SELECT 1 FROM messages WHERE chat_id = (SELECT chat_id FROM chat_aliases WHERE alias = ?) AND id = ?`;
  const statements = () => {
    db ??= openQueryOnly(messagesPath);
    return {
      has: db.prepare<[string, string], number>(has).pluck(),
      account: db.prepare<[], string>("SELECT value FROM meta WHERE key = 'account_jid'").pluck(),
    };
  };
  let prepared: ReturnType<typeof statements> | undefined;
  const ask = <T>(question: (known: ReturnType<typeof statements>) => T): T | undefined => {
    try {
      prepared ??= statements();
      return question(prepared);
    } catch {
      return undefined; // the copy itself decides what is new and checks the account
    }
  };
  return {
    has: (chatJid, id) => ask((known) => known.has.get(chatJid, id)) !== undefined,
    account: () => ask((known) => known.account.get()),
    close: () => db?.close(),
  };
}
