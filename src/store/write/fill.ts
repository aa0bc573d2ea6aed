import { rule } from '../sqlite/rules.ts';

/**
 * How many rows of a run are stored already, and whether any of them has something to fill or another author. The shown
 * text of a changed message does not reveal what its original lacks.
 */
export const inspectRepeats = (source: string, join: string): string => `
SELECT count(*) AS stored, coalesce(max(NOT ${rule('same_author')} OR ${rule('has_news')}
  OR EXISTS (SELECT 1 FROM main.originals AS o WHERE o.message_seq = m.seq)), 0) AS needs_care
FROM ${source} AS s JOIN main.messages AS m ON ${join}`;
