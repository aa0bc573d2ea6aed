-- How far back the history of a chat is known.

-- name: note_history
INSERT INTO main.checkpoints (chat_id, status, messages_synced, oldest_message_id, oldest_timestamp, started_at, updated_at)
VALUES (@id, 'in_progress', @inserted, @oldest_id, @oldest, @now, @now)
ON CONFLICT (chat_id) DO UPDATE SET
  messages_synced = messages_synced + excluded.messages_synced,
  oldest_message_id = CASE WHEN oldest_timestamp IS NULL OR excluded.oldest_timestamp < oldest_timestamp
    THEN excluded.oldest_message_id ELSE oldest_message_id END,
  oldest_timestamp = CASE WHEN oldest_timestamp IS NULL THEN excluded.oldest_timestamp
    ELSE min(oldest_timestamp, excluded.oldest_timestamp) END,
  updated_at = excluded.updated_at

-- A chat that is being fetched further back stays in progress.
-- name: complete_checkpoints
UPDATE main.checkpoints SET status = 'completed', updated_at = @now, completed_at = @now
WHERE status = 'in_progress' AND completed_at IS NULL

-- name: subtract_synced
UPDATE main.checkpoints SET messages_synced = max(0, messages_synced - @count) WHERE chat_id = @gone
