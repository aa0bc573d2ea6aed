-- Written by `npm run generate` from the migrations: what follows from the columns of a message.

-- name: message_columns
id, timestamp, sender, from_me, type, content, filename, title, quoted_id, forwarded, view_once,
  starred, expires_at, status, details, raw

-- name: given_message
(SELECT @chat_jid AS chat_jid, @id AS id, @timestamp AS timestamp, @sender AS sender, @from_me AS from_me,
  @type AS type, @content AS content, @filename AS filename, @title AS title,
  @quoted_id AS quoted_id, @forwarded AS forwarded, @view_once AS view_once, @starred AS starred,
  @expires_at AS expires_at, @status AS status, @details AS details, @raw AS raw)

-- name: conflict_rows
(SELECT chat_id, id, timestamp, sender, content, raw, 0 AS from_me, 'unsupported' AS type,
  NULL AS quoted_id, NULL AS expires_at, NULL AS status, NULL AS filename, NULL AS title,
  NULL AS details
  FROM main.conflicts)

-- name: content_columns
filename, title, details

-- name: empty_content
filename = NULL, title = NULL, details = NULL

-- name: restore_content
filename = o.filename, title = o.title, details = o.details

-- name: has_more_facts
(m.sender IS NULL AND s.sender IS NOT NULL) OR (m.quoted_id IS NULL AND s.quoted_id IS NOT NULL) OR
  (m.expires_at IS NULL AND s.expires_at IS NOT NULL) OR (m.status IS NULL AND s.status IS NOT NULL)

-- name: has_more_content
(m.filename IS NULL AND s.filename IS NOT NULL) OR (m.title IS NULL AND s.title IS NOT NULL) OR
  (m.details IS NULL AND s.details IS NOT NULL)

-- name: fill_facts
sender = coalesce(m.sender, s.sender), quoted_id = coalesce(m.quoted_id, s.quoted_id),
  expires_at = coalesce(m.expires_at, s.expires_at), status = coalesce(m.status, s.status)

-- name: fill_content
filename = CASE WHEN 'revoked' IN (m.type, s.type) THEN NULL ELSE coalesce(m.filename, s.filename) END,
  title = CASE WHEN 'revoked' IN (m.type, s.type) THEN NULL ELSE coalesce(m.title, s.title) END,
  details = CASE WHEN 'revoked' IN (m.type, s.type) THEN NULL ELSE coalesce(m.details, s.details) END
