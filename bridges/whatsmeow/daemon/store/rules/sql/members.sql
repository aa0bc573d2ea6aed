-- Members of groups, and when who said what of them. Times in milliseconds.

-- name: set_member
INSERT INTO main.chat_members (chat_id, member, role, at) VALUES (@chat_id, @member, @role, @at)
ON CONFLICT (chat_id, member) DO UPDATE SET role = excluded.role, at = excluded.at WHERE excluded.at >= at

-- Keeps the first and the last of equal lists within 30 days, and every event.
-- name: word_period
CASE WHEN @told = 'list' THEN CAST(@at AS INTEGER) / 2592000000 ELSE @at END

-- Changes no row when the fact is already known.
-- name: note_word
INSERT INTO main.member_words (chat_id, member, told, role, period, first_at, last_at)
VALUES (@chat_id, @member, @told, @role, {word_period}, @at, @at)
ON CONFLICT (chat_id, member, told, role, period) DO UPDATE SET first_at = min(first_at, excluded.first_at),
  last_at = max(last_at, excluded.last_at)
WHERE excluded.first_at < first_at OR excluded.last_at > last_at

-- name: words_of_person
SELECT member, told, role, first_at, last_at FROM main.member_words
WHERE chat_id = @chat_id AND member IN (SELECT '' UNION {addresses_of_person})

-- name: changes_of_actor
SELECT DISTINCT chat_id, message_id FROM main.changes WHERE actor = @address AND kind IN ('edit', 'revoke')

-- name: revokes_in_chat
SELECT DISTINCT chat_id, message_id FROM main.changes INDEXED BY changes_revoking
WHERE chat_id = @chat_id AND kind = 'revoke'

-- name: revokes_of_person
{revokes_in_chat} AND actor IN ({addresses_of_person})
