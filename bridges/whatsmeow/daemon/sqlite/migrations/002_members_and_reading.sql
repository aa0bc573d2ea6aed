-- Who is in a group, under the address that WhatsApp used. `at` (milliseconds) is when that was so: the latest word wins,
-- and members whose word is older than the group's `members_at`, the time of a list that names all, have left.
CREATE TABLE chat_members (
  chat_id INTEGER NOT NULL REFERENCES chats (id),
  member TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('member', 'admin', 'superadmin', 'left')),
  at INTEGER NOT NULL,
  PRIMARY KEY (chat_id, member)
) STRICT, WITHOUT ROWID;
ALTER TABLE chats ADD COLUMN members_at INTEGER;

-- What `unread_count` is made of: how many messages the phone called unread, up to which second it had counted, and the
-- second up to which everything was read. Messages that came after both are unread.
ALTER TABLE chats ADD COLUMN unread_reported INTEGER;
ALTER TABLE chats ADD COLUMN unread_reported_at INTEGER;
ALTER TABLE chats ADD COLUMN read_upto INTEGER;
UPDATE chats SET unread_reported = unread_count, unread_reported_at = coalesce(last_message_at, 0);
