-- messages.db: what both programs know about chats, people and messages. Additive changes only, one numbered file each.
-- Times are integers: seconds since 1970, except changes.at (milliseconds).

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO meta (key, value) VALUES ('min_reader', '1'), ('min_writer', '1');

-- `jid` is the address to show: the PN when it is known, else the LID. A merged chat points to the one that replaced it.
CREATE TABLE chats (
  id INTEGER PRIMARY KEY,
  jid TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL CHECK (kind IN ('direct', 'group', 'community', 'newsletter', 'broadcast', 'status')),
  name TEXT,
  pn TEXT,
  lid TEXT,
  parent_jid TEXT,
  unread_count INTEGER NOT NULL DEFAULT 0,
  archived INTEGER NOT NULL DEFAULT 0 CHECK (archived IN (0, 1)),
  pinned_at INTEGER,
  muted_until INTEGER,
  ephemeral_seconds INTEGER,
  last_message_at INTEGER,
  merged_into INTEGER REFERENCES chats (id)
) STRICT;
CREATE INDEX chats_by_activity ON chats (last_message_at) WHERE merged_into IS NULL;

-- Every address a chat is known under, its canonical one included.
CREATE TABLE chat_aliases (
  alias TEXT PRIMARY KEY,
  chat_id INTEGER NOT NULL REFERENCES chats (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX chat_aliases_by_chat ON chat_aliases (chat_id);

CREATE TABLE contacts (
  id INTEGER PRIMARY KEY,
  jid TEXT NOT NULL UNIQUE,
  pn TEXT,
  lid TEXT,
  saved_name TEXT,
  push_name TEXT,
  business_name TEXT,
  merged_into INTEGER REFERENCES contacts (id)
) STRICT;

CREATE TABLE contact_aliases (
  alias TEXT PRIMARY KEY,
  contact_id INTEGER NOT NULL REFERENCES contacts (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_aliases_by_contact ON contact_aliases (contact_id);

-- `wire_chat` is the address a message arrived under when that is not its chat's first address, so that a merge can be
-- taken back. `sender` is a wire address too; contact_aliases says who it is.
CREATE TABLE messages (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  chat_id INTEGER NOT NULL REFERENCES chats (id),
  id TEXT NOT NULL CHECK (id <> ''),
  timestamp INTEGER NOT NULL CHECK (timestamp > 0),
  wire_chat TEXT,
  sender TEXT,
  from_me INTEGER NOT NULL CHECK (from_me IN (0, 1)),
  type TEXT NOT NULL CHECK (type <> ''),
  content TEXT NOT NULL DEFAULT '',
  filename TEXT,
  title TEXT,
  quoted_id TEXT,
  forwarded INTEGER NOT NULL DEFAULT 0 CHECK (forwarded IN (0, 1)),
  view_once INTEGER NOT NULL DEFAULT 0 CHECK (view_once IN (0, 1)),
  starred INTEGER NOT NULL DEFAULT 0 CHECK (starred IN (0, 1)),
  expires_at INTEGER,
  edited_at INTEGER,
  revoked_at INTEGER,
  status TEXT,
  details TEXT,
  raw BLOB,
  source TEXT NOT NULL CHECK (source IN ('baileys', 'whatsmeow')),
  UNIQUE (chat_id, id)
) STRICT;
CREATE INDEX messages_by_time ON messages (chat_id, timestamp, id);

-- Edits, revokes, reactions, receipts, votes and stars. They may come before their message, so there is no reference to it.
CREATE TABLE changes (
  chat_id INTEGER NOT NULL REFERENCES chats (id),
  message_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('edit', 'revoke', 'reaction', 'receipt', 'vote', 'star')),
  actor TEXT NOT NULL,
  at INTEGER NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (chat_id, message_id, kind, actor, at)
) STRICT, WITHOUT ROWID;

-- Another sender used an id that was taken: the first row stays, the other one is kept here.
CREATE TABLE conflicts (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  chat_id INTEGER NOT NULL REFERENCES chats (id),
  id TEXT NOT NULL,
  timestamp INTEGER NOT NULL,
  sender TEXT,
  content TEXT NOT NULL,
  raw BLOB,
  source TEXT NOT NULL,
  UNIQUE (chat_id, id, sender, timestamp)
) STRICT;

-- How far back the history of a chat was fetched.
CREATE TABLE checkpoints (
  chat_id INTEGER PRIMARY KEY REFERENCES chats (id),
  status TEXT NOT NULL CHECK (status IN ('not_started', 'in_progress', 'completed', 'exhausted', 'unanswered', 'interrupted', 'cancelled', 'failed')),
  messages_synced INTEGER NOT NULL DEFAULT 0,
  oldest_message_id TEXT,
  oldest_timestamp INTEGER,
  error TEXT,
  started_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  completed_at INTEGER
) STRICT;

-- How far a staging file was copied, per lane. While a pass runs, `pass_upto` is its upper bound and the cursor says where it is.
CREATE TABLE watermarks (
  generation TEXT NOT NULL,
  lane TEXT NOT NULL,
  last_seq INTEGER NOT NULL DEFAULT 0,
  last_change_seq INTEGER NOT NULL DEFAULT 0,
  pass_upto INTEGER,
  pass_chat TEXT,
  pass_timestamp INTEGER,
  pass_id TEXT,
  synced INTEGER NOT NULL DEFAULT 0,
  duplicates INTEGER NOT NULL DEFAULT 0,
  failed INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (generation, lane)
) STRICT, WITHOUT ROWID;

-- What the search index must read again. Inserts are found by messages.seq, so that inserting costs nothing here.
CREATE TABLE search_log (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  message_seq INTEGER NOT NULL
) STRICT;
CREATE TRIGGER messages_updated AFTER UPDATE OF chat_id, timestamp, sender, type, content, filename, title ON messages
BEGIN
  INSERT INTO search_log (message_seq) VALUES (new.seq);
END;
CREATE TRIGGER messages_deleted AFTER DELETE ON messages
BEGIN
  INSERT INTO search_log (message_seq) VALUES (old.seq);
END;
