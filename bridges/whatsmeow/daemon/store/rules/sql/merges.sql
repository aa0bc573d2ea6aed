-- Chats that turned out to be one, and the way back. Rows follow later, some in each transaction.

-- name: next_merge
SELECT c.id AS gone, c.merged_into AS kept, c.jid FROM main.chats AS c
WHERE c.merged_into IS NOT NULL AND (
  EXISTS (SELECT 1 FROM main.messages WHERE chat_id = c.id)
  OR EXISTS (SELECT 1 FROM main.changes WHERE chat_id = c.id)
  OR EXISTS (SELECT 1 FROM main.checkpoints WHERE chat_id = c.id)
  OR EXISTS (SELECT 1 FROM main.conflicts WHERE chat_id = c.id))
ORDER BY c.id LIMIT 1

-- name: messages_to_move
SELECT seq, id FROM main.messages WHERE chat_id = @gone ORDER BY timestamp, id LIMIT @limit

-- The address that rows arrived under. Rows of a chat under that address do not store it, so it is written when they leave.
-- name: wire_chat_of_moved
coalesce(wire_chat, nullif(@jid, (SELECT jid FROM main.chats WHERE id = @kept)))

-- name: move_message
UPDATE OR IGNORE main.messages SET chat_id = @kept, wire_chat = {wire_chat_of_moved} WHERE seq = @seq

-- name: move_changes_of_message
UPDATE OR IGNORE main.changes SET chat_id = @kept, wire_chat = {wire_chat_of_moved}
WHERE chat_id = @gone AND message_id = @id

-- name: is_moved
m.chat_id = @kept AND m.id = s.id AND s.seq = @seq

-- name: changed_before_move
{changed_messages: source = main.messages; join = {is_moved}}

-- name: fill_from_moved
{fill_messages: source = main.messages; join = {is_moved}}

-- name: conflict_from_moved
{keep_conflict: source = main.messages; join = {is_moved}; origin = s.source}

-- name: delete_message
DELETE FROM main.messages WHERE seq = @seq

-- name: changes_to_move
SELECT DISTINCT message_id FROM main.changes WHERE chat_id = @gone

-- name: move_changes
UPDATE OR IGNORE main.changes SET chat_id = @kept, wire_chat = {wire_chat_of_moved} WHERE chat_id = @gone

-- name: move_conflicts
UPDATE OR IGNORE main.conflicts SET chat_id = @kept WHERE chat_id = @gone

-- name: delete_rest
DELETE FROM main.{table} WHERE chat_id = @gone

-- name: merge_checkpoint
INSERT INTO main.checkpoints (chat_id, status, messages_synced, oldest_message_id, oldest_timestamp, error,
  started_at, updated_at, completed_at)
SELECT @kept, status, messages_synced, oldest_message_id, oldest_timestamp, error, started_at, updated_at, completed_at
FROM main.checkpoints WHERE chat_id = @gone
ON CONFLICT (chat_id) DO UPDATE SET
  messages_synced = messages_synced + excluded.messages_synced,
  oldest_message_id = CASE WHEN coalesce(excluded.oldest_timestamp < oldest_timestamp, oldest_timestamp IS NULL)
    THEN excluded.oldest_message_id ELSE oldest_message_id END,
  oldest_timestamp = coalesce(min(oldest_timestamp, excluded.oldest_timestamp), oldest_timestamp, excluded.oldest_timestamp),
  updated_at = max(updated_at, excluded.updated_at)

-- What a merge can change in the remaining chat.
-- name: chat_before_merge
SELECT name, archived, pinned_at, muted_until, ephemeral_seconds, unread_reported, unread_reported_at, read_upto,
  last_message_at FROM main.chats WHERE id = @id

-- name: undo_merge
UPDATE main.chats SET name = @name, archived = @archived, pinned_at = @pinned_at, muted_until = @muted_until,
  ephemeral_seconds = @ephemeral_seconds, unread_reported = @unread_reported,
  unread_reported_at = @unread_reported_at, read_upto = @read_upto, last_message_at = @last_message_at
WHERE id = @id

-- name: merge_note
SELECT merge_note FROM main.chats WHERE id = @id

-- name: set_merge_note
UPDATE main.chats SET merge_note = @note WHERE id = @id

-- name: start_unmerge
UPDATE main.chats SET separating = coalesce(separating, @jid) WHERE id = @id

-- name: next_unmerge
SELECT id, separating FROM main.chats WHERE separating IS NOT NULL ORDER BY id LIMIT 1

-- The chat of an address, unless it is this chat or the one it was merged into.
-- name: other_chat
(SELECT a.chat_id FROM main.chat_aliases AS a JOIN main.chats AS c ON c.id = @id
  WHERE a.alias = {address} AND a.chat_id NOT IN (c.id, coalesce(c.merged_into, c.id)))

-- name: stray_messages
SELECT seq, id, target FROM (
  SELECT seq, id, {other_chat: address = coalesce(m.wire_chat, @separating)} AS target
  FROM main.messages AS m WHERE chat_id = @id) WHERE target IS NOT NULL LIMIT @limit

-- name: stray_changes
SELECT message_id, kind, actor, at, {other_chat: address = coalesce(x.wire_chat, @separating)} AS target
FROM main.changes AS x WHERE chat_id = @id AND NOT EXISTS (
  SELECT 1 FROM main.messages AS m WHERE m.chat_id = x.chat_id AND m.id = x.message_id)

-- name: move_stray_change
UPDATE OR IGNORE main.changes SET chat_id = @target, wire_chat = coalesce(wire_chat, @separating)
WHERE chat_id = @id AND message_id = @message_id AND kind = @kind AND actor = @actor AND at = @at

-- name: stray_conflicts
SELECT c.seq, c.id AS message_id, coalesce({other_chat: address = c.sender}, @id) AS target FROM main.conflicts AS c
WHERE c.chat_id = @id AND c.sender IS NOT NULL AND NOT EXISTS (SELECT 1 FROM main.messages AS m
  WHERE m.id = c.id AND m.chat_id = coalesce({other_chat: address = c.sender}, @id))

-- The kind of such a message is unknown, except that it is not ours.
-- name: message_from_conflict
INSERT INTO main.messages (chat_id, id, timestamp, wire_chat, sender, from_me, type, content, raw, source)
SELECT @target, id, timestamp, sender, sender, 0, 'unsupported', content, raw, source
FROM main.conflicts WHERE seq = @seq ON CONFLICT (chat_id, id) DO NOTHING

-- name: end_unmerge
UPDATE main.chats SET separating = NULL WHERE id = @id RETURNING pn, lid

-- name: oldest_message
(SELECT {column} FROM main.messages WHERE chat_id = {chat} ORDER BY timestamp, id LIMIT 1)

-- name: checkpoint_of_moved
INSERT INTO main.checkpoints (chat_id, status, messages_synced, oldest_message_id, oldest_timestamp, error,
  started_at, updated_at, completed_at)
SELECT @target, status, min(messages_synced, @count), {oldest_message: column = id; chat = @target},
  {oldest_message: column = timestamp; chat = @target}, error, started_at, updated_at, completed_at
FROM main.checkpoints WHERE chat_id = @from
ON CONFLICT (chat_id) DO UPDATE SET messages_synced = messages_synced + excluded.messages_synced,
  oldest_message_id = excluded.oldest_message_id, oldest_timestamp = excluded.oldest_timestamp

-- name: checkpoint_of_left
UPDATE main.checkpoints SET messages_synced = max(0, messages_synced - @count),
  oldest_message_id = {oldest_message: column = id; chat = @from},
  oldest_timestamp = {oldest_message: column = timestamp; chat = @from}
WHERE chat_id = @from

-- name: recount_activity
UPDATE main.chats SET last_message_at = coalesce((SELECT max(m.timestamp) FROM main.chats AS c
  JOIN main.messages AS m ON m.chat_id = c.id WHERE c.id = chats.id OR c.merged_into = chats.id), last_message_at)
WHERE id = @id
