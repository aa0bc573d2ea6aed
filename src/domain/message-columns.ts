// Written by `npm run generate` from the migrations of messages.db.

/** The columns that both bridges deliver with a message, and their types, in the order of copying. */
export const messageColumnTypes = {
  id: 'TEXT NOT NULL',
  timestamp: 'INTEGER NOT NULL',
  sender: 'TEXT',
  from_me: 'INTEGER NOT NULL',
  type: 'TEXT NOT NULL',
  content: "TEXT NOT NULL DEFAULT ''",
  filename: 'TEXT',
  title: 'TEXT',
  quoted_id: 'TEXT',
  forwarded: 'INTEGER NOT NULL DEFAULT 0',
  view_once: 'INTEGER NOT NULL DEFAULT 0',
  starred: 'INTEGER NOT NULL DEFAULT 0',
  expires_at: 'INTEGER',
  status: 'TEXT',
  details: 'TEXT',
  raw: 'BLOB',
} as const;

/** Columns that may be empty, and stay when the message is revoked. */
export const factColumns = ['sender', 'quoted_id', 'expires_at', 'status'] as const;

/** Columns that may be empty, and go with a revoke. */
export const contentColumns = ['filename', 'title', 'details'] as const;
