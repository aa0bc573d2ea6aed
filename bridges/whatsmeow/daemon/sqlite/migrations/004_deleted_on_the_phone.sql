-- What the account's owner deletes on the phone for themselves alone is hidden here, not lost. A deletion may come before
-- its message; `chat_jid` is the address it arrived under. Whoever adds a message, or learns that two addresses are one
-- person, sets `hidden_at` (seconds) of the messages that deletions name.
CREATE TABLE deletions (
  message_id TEXT NOT NULL,
  chat_jid TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (message_id, chat_jid)
) STRICT, WITHOUT ROWID;
ALTER TABLE messages ADD COLUMN hidden_at INTEGER;
CREATE INDEX messages_hidden ON messages (chat_id, timestamp) WHERE hidden_at IS NOT NULL;
CREATE TRIGGER messages_hidden_from_search AFTER UPDATE OF hidden_at ON messages
BEGIN
  INSERT INTO search_log (message_seq) VALUES (new.seq);
END;

-- When the phone last cleared or deleted the chat. What was said before is kept here: phones are cleared to make room.
ALTER TABLE chats ADD COLUMN cleared_at INTEGER;

-- meta.account_jid and meta.account_lid say whose messages these are (addresses without device part). Whoever copies
-- something first writes them; nobody may add another account's.
