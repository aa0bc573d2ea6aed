-- Chats, what they are made of, and how much in them is unread.

-- name: insert_chat
INSERT INTO main.chats (jid, kind, pn, lid) VALUES (@jid, @kind, @pn, @lid)

-- The later of two times, either of which may be unknown.
-- name: latest_of_stored
max(coalesce({time}, @{time}), coalesce(@{time}, {time}))

-- name: update_chat
UPDATE main.chats SET kind = coalesce(@kind, kind), name = coalesce(@name, name),
  parent_jid = coalesce(@parent_jid, parent_jid), archived = coalesce(@archived, archived),
  pinned_at = coalesce(@pinned_at, pinned_at), muted_until = coalesce(@muted_until, muted_until),
  ephemeral_seconds = coalesce(@ephemeral_seconds, ephemeral_seconds),
  unread_reported = CASE WHEN @unread_at >= coalesce(unread_reported_at, 0) THEN @unread_count ELSE unread_reported END,
  unread_reported_at = max(coalesce(unread_reported_at, @unread_at), coalesce(@unread_at, unread_reported_at)),
  read_upto = {latest_of_stored: time = read_upto},
  members_at = {latest_of_stored: time = members_at},
  cleared_at = {latest_of_stored: time = cleared_at},
  last_message_at = nullif(max(coalesce(last_message_at, 0), coalesce(@last_message_at, 0)), 0)
WHERE id = @id

-- name: latest_of_merged
max(coalesce(kept.{time}, gone.{time}), coalesce(gone.{time}, kept.{time}))

-- Copies what is known about a merged chat into the remaining one.
-- name: fill_chat
UPDATE main.chats AS kept SET
  name = coalesce(kept.name, gone.name),
  unread_count = max(kept.unread_count, gone.unread_count),
  unread_reported = CASE WHEN coalesce(gone.unread_reported_at, -1) > coalesce(kept.unread_reported_at, -1)
    THEN gone.unread_reported ELSE kept.unread_reported END,
  unread_reported_at = {latest_of_merged: time = unread_reported_at},
  read_upto = {latest_of_merged: time = read_upto},
  archived = min(kept.archived, gone.archived),
  pinned_at = coalesce(kept.pinned_at, gone.pinned_at),
  muted_until = coalesce(kept.muted_until, gone.muted_until),
  ephemeral_seconds = coalesce(kept.ephemeral_seconds, gone.ephemeral_seconds),
  last_message_at = nullif(max(coalesce(kept.last_message_at, 0), coalesce(gone.last_message_at, 0)), 0)
FROM main.chats AS gone WHERE kept.id = @kept AND gone.id = @gone

-- name: note_activity
UPDATE main.chats SET last_message_at = @newest WHERE id = @id AND coalesce(last_message_at, 0) < @newest

-- Messages from before this device was linked are unread only where the phone reports so.
-- name: linked_at
coalesce((SELECT value / 1000 - 1 FROM main.meta WHERE key = 'linked_at'), 0)

-- The second up to which the unread state of a chat is settled.
-- name: settled_upto
max(coalesce(unread_reported_at, 0), coalesce(read_upto, 0), {linked_at})

-- The messages that the phone reported and that are still unread, and later ones.
-- name: count_unread
UPDATE main.chats AS c SET unread_count = CASE WHEN coalesce(unread_reported_at, -1) > coalesce(read_upto, -1)
    THEN coalesce(unread_reported, 0) ELSE 0 END + (
  SELECT count(*) FROM main.messages AS m WHERE m.chat_id = c.id AND m.from_me = 0 AND m.hidden_at IS NULL
    AND m.timestamp > {settled_upto})
WHERE c.id = @chat_id

-- name: mark_read
UPDATE main.chats SET read_upto = @timestamp WHERE id = @chat_id AND coalesce(read_upto, 0) < @timestamp
