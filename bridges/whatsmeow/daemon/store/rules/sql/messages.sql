-- Messages as they are delivered. {source} gives the delivered rows `s`; {join} finds the stored rows `m` they repeat.

-- The address to store with a row. LIDs are always stored, because the chat may be shown under its PN later.
-- name: wire_chat
CASE WHEN {address} LIKE '%@lid' OR {address} <> (SELECT jid FROM main.chats WHERE id = @chat_id) THEN {address} END

-- name: insert_messages
INSERT INTO main.messages (chat_id, wire_chat, source, {message_columns})
SELECT @chat_id, {wire_chat: address = s.chat_jid}, {origin}, {message_columns}
FROM {source} AS s WHERE {where} ORDER BY s.timestamp, s.id
ON CONFLICT (chat_id, id) DO NOTHING

-- Whether two deliveries have the same author. `m` is the stored row, `s` the later one; never NULL.
-- name: same_author
(m.from_me = s.from_me AND (m.from_me = 1 OR m.sender IS s.sender
  OR m.sender IS NULL OR s.sender IS NULL OR coalesce(
    (SELECT contact_id FROM main.contact_aliases WHERE alias = m.sender) =
    (SELECT contact_id FROM main.contact_aliases WHERE alias = s.sender), 0)))

-- True where a repeat has something that the stored row lacks. A revoke stays, in whichever order the two arrive.
-- name: has_news
(m.timestamp > s.timestamp OR {has_more_facts} OR (m.type <> 'revoked' AND (
  s.type = 'revoked' OR (m.content = '' AND s.content <> '' AND m.edited_at IS NULL)
  OR (m.type = 'unsupported' AND s.type <> 'unsupported') OR {has_more_content}
  OR (m.raw IS NULL AND s.raw IS NOT NULL))))

-- Fills stored rows from later deliveries: sets empty columns, never changes filled ones.
-- name: fill_messages
UPDATE main.messages AS m SET
  timestamp = min(m.timestamp, s.timestamp),
  type = CASE WHEN 'revoked' IN (m.type, s.type) THEN 'revoked' WHEN m.type = 'unsupported' THEN s.type ELSE m.type END,
  content = CASE WHEN 'revoked' IN (m.type, s.type) THEN ''
    WHEN m.content = '' AND m.edited_at IS NULL THEN s.content ELSE m.content END,
  raw = CASE WHEN m.type = 'revoked' THEN m.raw WHEN s.type = 'revoked' THEN s.raw ELSE coalesce(m.raw, s.raw) END,
  {fill_content},
  {fill_facts}
FROM {source} AS s WHERE {join} AND {same_author} AND {has_news}

-- Rows to be filled that an edit or revoke has changed.
-- name: changed_messages
SELECT m.seq FROM {source} AS s JOIN main.messages AS m ON {join} JOIN main.originals AS o ON o.message_seq = m.seq
WHERE {same_author}

-- Stores another author's row under an existing id as a conflict; an exact repeat is stored once.
-- name: keep_conflict
INSERT INTO main.conflicts (chat_id, id, timestamp, sender, content, raw, source)
SELECT m.chat_id, s.id, s.timestamp, s.sender, s.content, s.raw, {origin}
FROM {source} AS s JOIN main.messages AS m ON {join}
WHERE NOT {same_author} AND NOT EXISTS (SELECT 1 FROM main.conflicts AS c
  WHERE c.chat_id = m.chat_id AND c.id = s.id AND c.sender IS s.sender AND c.timestamp = s.timestamp)

-- name: any_conflict
SELECT 1 FROM main.conflicts LIMIT 1

-- name: delete_conflict
DELETE FROM main.conflicts WHERE seq = @seq

-- Conflicts whose author turned out to be the stored row's author under another address.
-- name: settled_conflicts
SELECT m.seq, m.id, s.seq AS conflict, m.chat_id FROM (SELECT *, 0 AS from_me FROM main.conflicts) AS s
JOIN main.messages AS m ON m.chat_id = s.chat_id AND m.id = s.id WHERE {same_author}

-- name: fill_from_conflicts
{fill_messages: source = {conflict_rows}; join = m.chat_id = s.chat_id AND m.id = s.id}
