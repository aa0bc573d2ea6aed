package rules

import "strings"

// sameAuthor is an SQL condition: the stored row `m` and the later delivery `s` have one author. It is never NULL.
const sameAuthor = `(m.from_me = s.from_me AND (m.from_me = 1 OR m.sender IS s.sender
  OR m.sender IS NULL OR s.sender IS NULL OR coalesce(
    (SELECT contact_id FROM contact_aliases WHERE alias = m.sender) =
    (SELECT contact_id FROM contact_aliases WHERE alias = s.sender), 0)))`

// hasNews is an SQL condition: the delivery `s` has something that the stored row `m` lacks. A revoked message stays
// revoked in either order.
const hasNews = `(m.timestamp > s.timestamp OR (m.sender IS NULL AND s.sender IS NOT NULL)
  OR (m.quoted_id IS NULL AND s.quoted_id IS NOT NULL) OR (m.expires_at IS NULL AND s.expires_at IS NOT NULL)
  OR (m.status IS NULL AND s.status IS NOT NULL) OR (m.type <> 'revoked' AND (s.type = 'revoked'
  OR (m.content = '' AND s.content <> '' AND m.edited_at IS NULL)
  OR (m.type = 'unsupported' AND s.type <> 'unsupported')
  OR (m.filename IS NULL AND s.filename IS NOT NULL)
  OR (m.title IS NULL AND s.title IS NOT NULL) OR (m.details IS NULL AND s.details IS NOT NULL)
  OR (m.raw IS NULL AND s.raw IS NOT NULL))))`

// fillFrom returns the SQL that fills stored rows from later deliveries: an empty column takes a value, a filled one
// never changes.
func fillFrom(source, join string) string {
	var hidden strings.Builder
	for _, name := range []string{"filename", "title", "details"} {
		hidden.WriteString(name + " = CASE WHEN 'revoked' IN (m.type, s.type) THEN NULL ELSE coalesce(m." + name + ", s." + name + ") END,\n  ")
	}
	return `
UPDATE messages AS m SET
  timestamp = min(m.timestamp, s.timestamp),
  sender = coalesce(m.sender, s.sender),
  type = CASE WHEN 'revoked' IN (m.type, s.type) THEN 'revoked' WHEN m.type = 'unsupported' THEN s.type ELSE m.type END,
  content = CASE WHEN 'revoked' IN (m.type, s.type) THEN ''
    WHEN m.content = '' AND m.edited_at IS NULL THEN s.content ELSE m.content END,
  raw = CASE WHEN m.type = 'revoked' THEN m.raw WHEN s.type = 'revoked' THEN s.raw ELSE coalesce(m.raw, s.raw) END,
  ` + hidden.String() + `
  quoted_id = coalesce(m.quoted_id, s.quoted_id), expires_at = coalesce(m.expires_at, s.expires_at),
  status = coalesce(m.status, s.status)
FROM ` + source + ` AS s WHERE ` + join + ` AND ` + sameAuthor + ` AND ` + hasNews
}

// keepConflict returns the SQL that stores messages of another author under an existing id in `conflicts`, without
// exact repeats.
func keepConflict(source, join, origin string) string {
	return `
INSERT INTO conflicts (chat_id, id, timestamp, sender, content, raw, source)
SELECT m.chat_id, s.id, s.timestamp, s.sender, s.content, s.raw, ` + origin + `
FROM ` + source + ` AS s JOIN messages AS m ON ` + join + `
WHERE NOT ` + sameAuthor + ` AND NOT EXISTS (SELECT 1 FROM conflicts AS c
  WHERE c.chat_id = m.chat_id AND c.id = s.id AND c.sender IS s.sender AND c.timestamp = s.timestamp)`
}
