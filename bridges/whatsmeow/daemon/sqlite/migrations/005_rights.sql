-- Who may change a message is decided by what is known, which can grow: see docs/reference.md, "Who may change a message".
-- `originals` holds a message as it was sent, while messages shows it edited or taken back. A message that was taken back
-- by its author leaves none of its text here. `taken_at` (seconds): since when the text of one is kept that a proven pair
-- or a role took back; after seven days that can no longer be undone, and the text is deleted.
CREATE TABLE originals (
  message_seq INTEGER PRIMARY KEY REFERENCES messages (seq) ON DELETE CASCADE,
  type TEXT NOT NULL,
  content TEXT NOT NULL,
  filename TEXT,
  title TEXT,
  details TEXT,
  raw BLOB,
  edited_at INTEGER,
  revoked_at INTEGER,
  taken_at INTEGER
) STRICT;
CREATE INDEX originals_taken ON originals (taken_at) WHERE taken_at IS NOT NULL;

-- What was said of the members of a group, and when (milliseconds). `told` is how: a list, an event, or a 'word' of
-- which nothing is known but its time. The member '' stands for a list itself: whoever it does not name had left. Of the
-- lists of one period (30 days) that say the same, the first and the last are kept; the period of an event is its time.
CREATE TABLE member_words (
  chat_id INTEGER NOT NULL REFERENCES chats (id),
  member TEXT NOT NULL,
  told TEXT NOT NULL CHECK (told IN ('list', 'add', 'promote', 'demote', 'remove', 'word')),
  role TEXT NOT NULL CHECK (role IN ('member', 'admin', 'superadmin', 'left')),
  period INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (chat_id, member, told, role, period)
) STRICT, WITHOUT ROWID;
INSERT INTO member_words (chat_id, member, told, role, period, first_at, last_at)
SELECT chat_id, member, 'word', role, at, at, at FROM chat_members;
INSERT INTO member_words (chat_id, member, told, role, period, first_at, last_at)
SELECT id, '', 'list', 'left', members_at / 2592000000, members_at, members_at FROM chats WHERE members_at IS NOT NULL;

-- What must be decided anew when a pair is learned, and when a role is.
CREATE INDEX changes_by_actor ON changes (actor) WHERE kind IN ('edit', 'revoke');
CREATE INDEX changes_revoking ON changes (chat_id, actor) WHERE kind = 'revoke';

-- A writer that knows none of this would overwrite the only copy of a text.
UPDATE meta SET value = '5' WHERE key = 'min_writer';
