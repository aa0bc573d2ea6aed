-- Edits, revokes and other changes of messages, and what they replaced.

-- name: insert_change
INSERT INTO main.changes (chat_id, message_id, kind, actor, at, value, wire_chat)
VALUES (@chat_id, @message_id, @kind, @actor, @at, @value, {wire_chat: address = @chat_jid})
ON CONFLICT (chat_id, message_id, kind, actor, at) DO NOTHING

-- name: changes_of_message
SELECT kind, actor, at, value FROM main.changes
WHERE chat_id = @chat_id AND message_id = @id AND kind IN ('edit', 'revoke', 'star', 'receipt')
ORDER BY at, actor, value

-- name: changed_message
SELECT m.seq, m.chat_id AS chatId, c.jid AS chat, c.kind, m.sender, m.from_me, m.timestamp, m.type, m.content,
  m.starred, m.status, m.edited_at, m.revoked_at, o.type AS sent_type
FROM main.messages AS m JOIN main.chats AS c ON c.id = m.chat_id LEFT JOIN main.originals AS o ON o.message_seq = m.seq
WHERE m.chat_id = @chat_id AND m.id = @id

-- name: set_status
UPDATE main.messages SET starred = @starred, status = @status WHERE seq = @seq

-- name: edit_message
UPDATE main.messages SET content = @content, edited_at = @edited_at WHERE seq = @seq

-- name: revoke_message
UPDATE main.messages SET raw = CASE WHEN type = 'revoked' THEN raw END, type = 'revoked', content = '',
  {empty_content}, revoked_at = coalesce(@revoked_at, revoked_at),
  edited_at = coalesce(@edited_at, edited_at) WHERE seq = @seq

-- name: forget_edits
UPDATE main.changes SET value = '' WHERE chat_id = @chat_id AND message_id = @id AND kind = 'edit' AND value <> ''

-- name: keep_original
INSERT INTO main.originals (message_seq, type, content, {content_columns}, raw, edited_at, revoked_at)
SELECT seq, type, content, {content_columns}, raw, edited_at, revoked_at FROM main.messages WHERE seq = @seq
ON CONFLICT (message_seq) DO NOTHING

-- name: restore_original
UPDATE main.messages AS m SET type = o.type, content = o.content, {restore_content},
  raw = o.raw, edited_at = o.edited_at, revoked_at = o.revoked_at
FROM main.originals AS o WHERE o.message_seq = m.seq AND m.seq = @seq

-- name: delete_original
DELETE FROM main.originals WHERE message_seq = @seq

-- Empties the record of a message that was revoked for good.
-- name: empty_original
UPDATE main.originals SET raw = CASE WHEN type = 'revoked' THEN raw END, type = 'revoked', content = '',
  {empty_content}, taken_at = NULL WHERE message_seq = @seq

-- Starts the seven days after which a revoke that a pair or a role proved can no longer be undone.
-- name: start_expiry
UPDATE main.originals SET taken_at = unixepoch() WHERE message_seq = @seq

-- name: expired_originals
SELECT m.seq, m.id, m.chat_id FROM main.originals AS o JOIN main.messages AS m ON m.seq = o.message_seq
WHERE o.taken_at < unixepoch() - 7 * 86400 LIMIT @limit

-- name: insert_deletion
INSERT INTO main.deletions (message_id, chat_jid, at) VALUES (@message_id, @chat_jid, @at)
ON CONFLICT (message_id, chat_jid) DO NOTHING

-- name: any_deletion
SELECT 1 FROM main.deletions LIMIT 1

-- name: hide_messages
UPDATE main.messages SET hidden_at = d.at / 1000
FROM main.deletions AS d JOIN main.chat_aliases AS a ON a.alias = d.chat_jid
WHERE {among} AND messages.chat_id = a.chat_id AND messages.id = d.message_id AND messages.hidden_at IS NULL
RETURNING chat_id

-- name: hide_deleted
{hide_messages: among = true}

-- name: hide_deleted_among
{hide_messages: among = d.message_id IN (SELECT value FROM json_each(@ids))}
