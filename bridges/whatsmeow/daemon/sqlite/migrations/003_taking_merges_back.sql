-- A merge can be taken back. `merge_note` (JSON) says, of a chat that was merged away, what the merge changed in the chat
-- that stayed; of a chat that is shown under a number, the hidden identity it was known by first. `separating` marks a
-- chat whose rows must go back to the chats of the addresses they arrived under; it is the address of rows without
-- wire_chat.
ALTER TABLE chats ADD COLUMN merge_note TEXT;
ALTER TABLE chats ADD COLUMN separating TEXT;
CREATE INDEX chats_separating ON chats (id) WHERE separating IS NOT NULL;

-- The address a change arrived under, as messages.wire_chat: a change may come before its message.
ALTER TABLE changes ADD COLUMN wire_chat TEXT;

-- What a person is called under each of their addresses; contacts has what is known of both.
CREATE TABLE contact_names (
  address TEXT PRIMARY KEY,
  saved_name TEXT,
  push_name TEXT,
  business_name TEXT
) STRICT, WITHOUT ROWID;
INSERT INTO contact_names (address, saved_name, push_name, business_name)
SELECT jid, saved_name, push_name, business_name FROM contacts;
