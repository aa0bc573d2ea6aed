/** Whether two deliveries have the same author. `m` is the stored row, `s` the later one; never NULL. */
export const sameAuthor = `(m.from_me = s.from_me AND (m.from_me = 1 OR m.sender IS s.sender
  OR m.sender IS NULL OR s.sender IS NULL OR coalesce(
    (SELECT contact_id FROM contact_aliases WHERE alias = m.sender) =
    (SELECT contact_id FROM contact_aliases WHERE alias = s.sender), 0)))`;

const plain = ['quoted_id', 'expires_at', 'status'];
const hiddenByRevoke = ['filename', 'title', 'details'];
const isEmpty = (names: readonly string[]) =>
  names.map((name) => `(m.${name} IS NULL AND s.${name} IS NOT NULL)`).join(' OR ');

/** True where a repeat has something that the stored row lacks. A revoke stays, in whichever order the two arrive. */
const hasNews = `(m.timestamp > s.timestamp OR ${isEmpty(['sender', ...plain])} OR (m.type <> 'revoked' AND (
  s.type = 'revoked' OR (m.content = '' AND s.content <> '' AND m.edited_at IS NULL)
  OR (m.type = 'unsupported' AND s.type <> 'unsupported') OR ${isEmpty([...hiddenByRevoke, 'raw'])})))`;

/** Fills stored rows from later deliveries: sets empty columns, never changes filled ones. */
export const fillFrom = (source: string, join: string): string => `
UPDATE main.messages AS m SET
  timestamp = min(m.timestamp, s.timestamp),
  sender = coalesce(m.sender, s.sender),
  type = CASE WHEN 'revoked' IN (m.type, s.type) THEN 'revoked' WHEN m.type = 'unsupported' THEN s.type ELSE m.type END,
  content = CASE WHEN 'revoked' IN (m.type, s.type) THEN ''
    WHEN m.content = '' AND m.edited_at IS NULL THEN s.content ELSE m.content END,
  raw = CASE WHEN m.type = 'revoked' THEN m.raw WHEN s.type = 'revoked' THEN s.raw ELSE coalesce(m.raw, s.raw) END,
  ${hiddenByRevoke
    .map(
      (name) => `${name} = CASE WHEN 'revoked' IN (m.type, s.type) THEN NULL ELSE coalesce(m.${name}, s.${name}) END`,
    )
    .join(',\n  ')},
  ${plain.map((name) => `${name} = coalesce(m.${name}, s.${name})`).join(', ')}
FROM ${source} AS s WHERE ${join} AND ${sameAuthor} AND ${hasNews}`;

/** Rows to be filled that an edit or revoke has changed. */
export const changedRows = (source: string, join: string): string => `
SELECT m.seq FROM ${source} AS s JOIN main.messages AS m ON ${join} JOIN main.originals AS o ON o.message_seq = m.seq
WHERE ${sameAuthor}`;

/** Stores another author's row under an existing id as a conflict; an exact repeat is stored once. */
export const keepConflict = (source: string, join: string, origin: string): string => `
INSERT INTO main.conflicts (chat_id, id, timestamp, sender, content, raw, source)
SELECT m.chat_id, s.id, s.timestamp, s.sender, s.content, s.raw, ${origin}
FROM ${source} AS s JOIN main.messages AS m ON ${join}
WHERE NOT ${sameAuthor} AND NOT EXISTS (SELECT 1 FROM main.conflicts AS c
  WHERE c.chat_id = m.chat_id AND c.id = s.id AND c.sender IS s.sender AND c.timestamp = s.timestamp)`;

/**
 * How many rows of a run are stored already, and whether any of them has something to fill or another author. The shown
 * text of a changed message does not reveal what its original lacks.
 */
export const inspectRepeats = (source: string, join: string): string => `
SELECT count(*) AS stored, coalesce(max(NOT ${sameAuthor} OR ${hasNews}
  OR EXISTS (SELECT 1 FROM main.originals AS o WHERE o.message_seq = m.seq)), 0) AS needs_care
FROM ${source} AS s JOIN main.messages AS m ON ${join}`;
