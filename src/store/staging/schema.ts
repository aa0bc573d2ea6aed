/** Added by version 2: members of groups, and how far chats were read. */
export const memberSchema = `
ALTER TABLE chats ADD COLUMN unread_at INTEGER;
ALTER TABLE chats ADD COLUMN read_upto INTEGER;
ALTER TABLE chats ADD COLUMN members_at INTEGER;
CREATE TABLE members (
  chat_jid TEXT NOT NULL,
  member TEXT NOT NULL,
  role TEXT NOT NULL,
  at INTEGER NOT NULL,
  tick INTEGER NOT NULL,
  PRIMARY KEY (chat_jid, member)
) STRICT, WITHOUT ROWID;
`;

/** Added by version 3: each repeated pair needs a lookup of the pairs with the same PN. */
export const pairSchema = 'CREATE INDEX lid_pairs_by_pn ON lid_pairs (pn, tick);';

/** Added by version 5: messages deleted on the phone, and votes whose polls have not arrived. */
export const deletionSchema = `
ALTER TABLE chats ADD COLUMN cleared_at INTEGER;
CREATE TABLE deletions (
  chat_jid TEXT NOT NULL,
  message_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (chat_jid, message_id)
) STRICT, WITHOUT ROWID;
-- Votes stay unreadable until the poll is there; info is the whole message.
CREATE TABLE waiting_votes (
  poll_id TEXT NOT NULL,
  chat_jid TEXT NOT NULL,
  id TEXT NOT NULL,
  info BLOB NOT NULL,
  PRIMARY KEY (poll_id, chat_jid, id)
) STRICT, WITHOUT ROWID;
`;

/** Added by version 4: undecryptable messages. A readable copy closes its gap, from any sender. */
export const gapSchema = `
CREATE TABLE gaps (
  chat_jid TEXT NOT NULL,
  message_id TEXT NOT NULL,
  reason TEXT NOT NULL,
  at INTEGER NOT NULL,
  healed_at INTEGER,
  PRIMARY KEY (chat_jid, message_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX gaps_open ON gaps (message_id) WHERE healed_at IS NULL;
CREATE TRIGGER gaps_heal AFTER INSERT ON messages
BEGIN
  UPDATE gaps SET healed_at = CAST(unixepoch() AS INTEGER) * 1000 WHERE message_id = new.id AND healed_at IS NULL;
END;
`;

/** Added by version 6: every fact about group members with its time; before, only the latest one was kept. */
export const wordSchema = `
CREATE TABLE member_words (
  chat_jid TEXT NOT NULL,
  member TEXT NOT NULL,
  told TEXT NOT NULL,
  role TEXT NOT NULL,
  period INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  tick INTEGER NOT NULL,
  PRIMARY KEY (chat_jid, member, told, role, period)
) STRICT, WITHOUT ROWID;
INSERT INTO member_words SELECT chat_jid, member, 'word', role, at, at, at, tick FROM members;
DROP TABLE members;
`;

/**
 * staging.db: rows that the Baileys bridge received and that are not copied yet. It accepts any row; messages.db
 * validates them, and refused rows go to `rejected`.
 */
export const stagingSchema = `
CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- One tick per ingest transaction, so that a fact changed after it was read is not deleted as copied.
CREATE TABLE clock (tick INTEGER NOT NULL) STRICT;
INSERT INTO clock (tick) VALUES (0);

-- Rows up to frozen_upto are being copied or were copied: they never change again, only disappear. Copied rows count
-- as no longer waiting up to counted_upto, and are deleted up to cleaned_upto.
CREATE TABLE lanes (
  lane TEXT PRIMARY KEY,
  waiting INTEGER NOT NULL DEFAULT 0,
  frozen_upto INTEGER NOT NULL DEFAULT 0,
  counted_upto INTEGER NOT NULL DEFAULT 0,
  cleaned_upto INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO lanes (lane) VALUES ('history'), ('live');

-- Columns that messages.db has since are added when the file is opened.
-- variant is '' for the first row of an id; another sender's row, or a repeat of a frozen row, stands beside it.
CREATE TABLE messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  lane TEXT NOT NULL,
  chat_jid TEXT NOT NULL,
  id TEXT NOT NULL,
  variant TEXT NOT NULL DEFAULT '',
  timestamp INTEGER NOT NULL,
  sender TEXT,
  from_me INTEGER NOT NULL,
  type TEXT NOT NULL,
  content TEXT NOT NULL,
  filename TEXT,
  title TEXT,
  quoted_id TEXT,
  forwarded INTEGER NOT NULL,
  view_once INTEGER NOT NULL,
  starred INTEGER NOT NULL,
  expires_at INTEGER,
  status TEXT,
  details TEXT,
  raw BLOB,
  chunk_id TEXT,
  repeats INTEGER NOT NULL DEFAULT 0,
  stored_before INTEGER NOT NULL DEFAULT 0,
  UNIQUE (chat_jid, id, variant)
) STRICT;
CREATE INDEX messages_by_lane ON messages (lane, chat_jid, timestamp, id, repeats, variant);

CREATE TABLE changes (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  lane TEXT NOT NULL,
  chat_jid TEXT NOT NULL,
  message_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  value TEXT NOT NULL,
  UNIQUE (chat_jid, message_id, kind, actor, at)
) STRICT;
CREATE INDEX changes_by_lane ON changes (lane, seq);

CREATE TABLE chats (
  jid TEXT PRIMARY KEY,
  tick INTEGER NOT NULL,
  lane TEXT NOT NULL,
  kind TEXT,
  name TEXT,
  parent_jid TEXT,
  unread_count INTEGER,
  archived INTEGER,
  pinned_at INTEGER,
  muted_until INTEGER,
  ephemeral_seconds INTEGER,
  last_message_at INTEGER
) STRICT, WITHOUT ROWID;
${memberSchema}
CREATE TABLE contacts (
  jid TEXT PRIMARY KEY,
  tick INTEGER NOT NULL,
  saved_name TEXT,
  push_name TEXT,
  business_name TEXT
) STRICT, WITHOUT ROWID;

-- Kept after they were copied: they say how many people the staged chats are.
CREATE TABLE lid_pairs (
  lid TEXT NOT NULL,
  pn TEXT NOT NULL,
  tick INTEGER NOT NULL,
  PRIMARY KEY (lid, pn)
) STRICT, WITHOUT ROWID;
${pairSchema}

CREATE TABLE chunks (
  id TEXT PRIMARY KEY,
  sync_type TEXT NOT NULL,
  progress INTEGER,
  chunk_order INTEGER,
  announced_at INTEGER NOT NULL,
  stored_at INTEGER,
  messages INTEGER NOT NULL DEFAULT 0,
  stored_before INTEGER NOT NULL DEFAULT 0,
  error TEXT,
  attempts INTEGER NOT NULL DEFAULT 0,
  notification BLOB
) STRICT;

-- Chats whose messages the history chunks brought, under the addresses they arrived with.
CREATE TABLE history_chats (jid TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- Rows that messages.db refused; row is JSON, its raw bytes in hex.
CREATE TABLE rejected (
  kind TEXT NOT NULL,
  seq INTEGER NOT NULL,
  reason TEXT NOT NULL,
  row TEXT NOT NULL,
  PRIMARY KEY (kind, seq)
) STRICT;
${gapSchema}${deletionSchema}${wordSchema}`;
