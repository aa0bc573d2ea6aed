import { type Message, type MessageValues, messageColumns, messageValues } from '../../domain/message.ts';
import { contentColumns, factColumns } from '../../domain/message-columns.ts';
import type { Lane, Staging } from './staging.ts';

interface StagedHead {
  seq: number;
  lane: Lane;
  sender: string | null;
  from_me: number;
  type: string;
  chunk_id: string | null;
}

export interface StageContext {
  lane: Lane;
  chunkId: string | null;
  tick: number;
  frozen: Record<Lane, number>;
  /** True when messages.db already has this message, so that a history chunk with it adds nothing. */
  isStored(chatJid: string, id: string): boolean;
}

/** `beside` adds a row for a message that is already staged; `merged` adds no row. */
export type Staged = 'new' | 'stored_before' | 'beside' | 'merged';
export type StageMessage = (message: Message, context: StageContext) => Staged;

const fillText = (column: string) => `${column} = CASE WHEN ${column} = '' THEN @${column} ELSE ${column} END`;
const fillNull = (column: string) => `${column} = coalesce(${column}, @${column})`;

/** Merges a later delivery into a staged message: fills empty columns, keeps the earliest time, and keeps a revoke. */
const mergeSql = `
UPDATE messages SET
  repeats = repeats + @repeat,
  timestamp = CASE WHEN @timestamp > 0 THEN min(timestamp, @timestamp) ELSE timestamp END,
  type = CASE WHEN type = 'unsupported' THEN @type ELSE type END,
  ${[...factColumns, ...contentColumns, 'raw'].map(fillNull).join(', ')},
  ${fillText('content')},
  forwarded = max(forwarded, @forwarded),
  view_once = max(view_once, @view_once)
WHERE seq = @seq`;

const revokedSql = `
UPDATE messages SET repeats = repeats + @repeat, type = 'revoked', content = '',
  ${contentColumns.map((name) => `${name} = NULL`).join(', ')}, raw = CASE WHEN @type = 'revoked' THEN @raw ELSE raw END,
  ${factColumns.map(fillNull).join(', ')},
  timestamp = CASE WHEN @timestamp > 0 THEN min(timestamp, @timestamp) ELSE timestamp END
WHERE seq = @seq`;

/** Prepares the statements for one staging connection; call inside a transaction. */
export function messageStager(staging: Staging): StageMessage {
  const { db } = staging;
  const insert = db.prepare(`
    INSERT INTO messages (lane, chat_jid, variant, chunk_id, stored_before, ${messageColumns.join(', ')})
    VALUES (?, ?, ?, ?, ?, ${messageColumns.map(() => '?').join(', ')})
    ON CONFLICT (chat_jid, id, variant) DO NOTHING`);
  const heads = db.prepare(
    'SELECT seq, lane, sender, from_me, type, chunk_id FROM messages WHERE chat_jid = ? AND id = ? ORDER BY seq',
  );
  const merge = db.prepare(mergeSql);
  const revoke = db.prepare(revokedSql);

  return (message, context) => {
    // By position: binding twenty names takes half as long again for each row.
    const values = messageValues(message);
    const add = (variant: string, stored: number) =>
      insert.run([context.lane, message.chatJid, variant, context.chunkId, stored, ...values]).changes === 1;
    const known = Number(context.chunkId !== null && context.isStored(message.chatJid, message.id));
    if (add('', known)) return known ? 'stored_before' : 'new';
    const columns = Object.fromEntries(messageColumns.map((column, at) => [column, values[at]])) as MessageValues;
    const same = (heads.all(message.chatJid, message.id) as StagedHead[]).filter((row) => sameAuthor(row, columns));
    const open = same.find((row) => row.seq > context.frozen[row.lane]);
    const fedAgain = context.chunkId !== null && same.some((row) => row.chunk_id === context.chunkId);
    if (open) {
      const revoked = columns.type === 'revoked' || open.type === 'revoked';
      (revoked ? revoke : merge).run({ ...columns, seq: open.seq, repeat: Number(!fedAgain) });
      return 'merged';
    }
    if (fedAgain) return 'merged';
    return add(`${context.tick}:${message.sender ?? ''}`, 0) ? 'beside' : 'merged';
  };
}

/** The copy compares the two addresses of one person; only an equal address counts here. */
function sameAuthor(row: StagedHead, other: { sender: string | null; from_me: number }): boolean {
  if (row.from_me !== other.from_me) return false;
  return row.from_me === 1 || row.sender === null || other.sender === null || row.sender === other.sender;
}
