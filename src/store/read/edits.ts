import { isoFromMs } from '../../domain/time.ts';
import type { MessageDetail } from '../reader.ts';
import { counts, openJudge } from '../rights/rights.ts';
import type { Db } from '../sqlite/database.ts';
import type { MessageRow } from './message-rows.ts';

interface Edit {
  kind: string;
  actor: string;
  at: number;
  value: string;
}

/**
 * The texts that a message had, in order of time: the original, where that is known, and its valid edits. Empty for a
 * revoked message.
 */
export function editsOf(db: Db, row: MessageRow, changes: readonly Edit[]): MessageDetail['edits'] {
  if (row.type === 'revoked') return [];
  const place = db
    .prepare<[object], { chat: string; kind: string; original: string | null }>(`
      SELECT c.jid AS chat, c.kind, o.content AS original FROM chats AS c
      LEFT JOIN originals AS o ON o.message_seq = @seq WHERE c.id = @chat_id`)
    .get({ seq: row.seq, chat_id: row.chat_id });
  if (!place) return [];
  const message = { ...row, ...place, chatId: row.chat_id };
  const judge = openJudge(db);
  const edits = changes
    .filter((change) => change.kind === 'edit' && counts(judge(change, message)))
    .map(({ at, value }) => ({ at: isoFromMs(at), content: value }));
  if (edits.length === 0 || place.original === null) return edits;
  return [{ at: isoFromMs(row.timestamp * 1000), content: place.original, original: true }, ...edits];
}
