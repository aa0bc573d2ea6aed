/** When two deliveries are by one author. `m` is the stored row, `s` the one that came later; never NULL. */
export const sameAuthor = `(m.from_me = s.from_me AND (m.from_me = 1 OR m.sender IS s.sender
  OR m.sender IS NULL OR s.sender IS NULL OR coalesce(
    (SELECT contact_id FROM contact_aliases WHERE alias = m.sender) =
    (SELECT contact_id FROM contact_aliases WHERE alias = s.sender), 0)))`;

const plain = ['quoted_id', 'expires_at', 'status'];
const hiddenByRevoke = ['filename', 'title', 'details'];
const isEmpty = (names: readonly string[]) =>
  names.map((name) => `(m.${name} IS NULL AND s.${name} IS NOT NULL)`).join(' OR ');

/** True where a repeat has something the stored row lacks. What was revoked stays revoked, in whichever order it comes. */
const hasNews = `(m.timestamp > s.timestamp OR ${isEmpty(['sender', ...plain])} OR (m.type <> 'revoked' AND (
  s.type = 'revoked' OR (m.content = '' AND s.content <> '' AND m.edited_at IS NULL)
  OR (m.type = 'unsupported' AND s.type <> 'unsupported') OR ${isEmpty([...hiddenByRevoke, 'raw'])})))`;

/** Fills stored rows from later deliveries of them: an empty column takes a value, a filled one is never changed. */
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

/** Rows that are to be filled and are not shown as they were sent. */
export const changedRows = (source: string, join: string): string => `
SELECT m.seq FROM ${source} AS s JOIN main.messages AS m ON ${join} JOIN main.originals AS o ON o.message_seq = m.seq
WHERE ${sameAuthor}`;

/** Keeps what another author sent under an id that was taken; an exact repeat of it is not kept twice. */
export const keepConflict = (source: string, join: string, origin: string): string => `
INSERT INTO main.conflicts (chat_id, id, timestamp, sender, content, raw, source)
SELECT m.chat_id, s.id, s.timestamp, s.sender, s.content, s.raw, ${origin}
FROM ${source} AS s JOIN main.messages AS m ON ${join}
WHERE NOT ${sameAuthor} AND NOT EXISTS (SELECT 1 FROM main.conflicts AS c
  WHERE c.chat_id = m.chat_id AND c.id = s.id AND c.sender IS s.sender AND c.timestamp = s.timestamp)`;

/**
 * How many rows of a run are stored already, and whether any of them has something to fill or another author. What is
 * shown of a changed message does not tell what it lacks.
 */
export const lookAtRepeats = (source: string, join: string): string => `
SELECT count(*) AS stored, coalesce(max(NOT ${sameAuthor} OR ${hasNews}
  OR EXISTS (SELECT 1 FROM main.originals AS o WHERE o.message_seq = m.seq)), 0) AS needs_care
FROM ${source} AS s JOIN main.messages AS m ON ${join}`;
