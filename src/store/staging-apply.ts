import type { LidPair } from '../domain/chat.ts';
import type { ChatKind } from '../domain/jid.ts';
import type { Db } from './database.ts';
import { openIdentity } from './identity.ts';
import { openConflictSettler } from './identity-conflicts.ts';
import type { Lane, Staging } from './staging.ts';

/** Brings staged address pairs, people and chats into messages.db. Doing it again changes nothing. */
export interface FactApplier {
  /** One transaction with at most `limit` facts; false when there was nothing left. */
  step(limit: number): boolean;
}

interface StagedChat {
  jid: string;
  tick: number;
  kind: ChatKind | null;
  name: string | null;
  parent_jid: string | null;
  unread_count: number | null;
  archived: number | null;
  pinned_at: number | null;
  muted_until: number | null;
  ephemeral_seconds: number | null;
  last_message_at: number | null;
}

interface StagedContact {
  jid: string;
  tick: number;
  saved_name: string | null;
  push_name: string | null;
  business_name: string | null;
}

/** A live pass takes the chats it needs; a history pass takes all. */
const chatsOf = {
  history: '1',
  live: `(lane = 'live' OR jid IN (SELECT DISTINCT chat_jid FROM messages WHERE lane = 'live'))`,
};

/**
 * `lock` takes the write lock of messages.db and opens each transaction. `isFirst`: messages.db has never seen this
 * staging.db, so pairs that were copied elsewhere count as new.
 */
export function factApplier(db: Db, staging: Staging, lane: Lane, lock: () => void, isFirst: boolean): FactApplier {
  const locked = db.transaction((work: () => void) => {
    lock();
    work();
  });
  const pairs = pairStep(db, staging, locked, isFirst);
  const contacts = contactStep(db, staging, locked);
  const chats = chatStep(db, staging, locked, lane);
  return { step: (limit) => pairs(limit) || contacts(limit) || chats(limit) };
}

type Step = (limit: number) => boolean;

type Locked = (work: () => void) => void;

function pairStep(db: Db, staging: Staging, locked: Locked, isFirst: boolean): Step {
  const identity = openIdentity(db);
  const settleConflicts = openConflictSettler(db);
  const select = staging.db.prepare(
    'SELECT lid, pn, tick FROM lid_pairs WHERE (tick, lid, pn) > (?, ?, ?) ORDER BY tick, lid, pn LIMIT ?',
  );
  let after: LidPair & { tick: number } = {
    tick: isFirst ? 0 : Number(staging.readMeta('pairs_copied') ?? 0),
    lid: '\uffff',
    pn: '',
  };
  return (limit) => {
    const rows = select.all(after.tick, after.lid, after.pn, limit) as (LidPair & { tick: number })[];
    const last = rows.at(-1);
    if (!last) return false;
    locked(() => {
      for (const row of rows) identity.learnPair(row);
      settleConflicts();
    });
    // The last tick may have more pairs than fitted: it counts as copied when a later one begins, or none is left.
    const whole = rows.length < limit ? last.tick : last.tick - 1;
    staging.writeMeta('pairs_copied', String(Math.max(whole, after.tick)));
    after = last;
    return true;
  };
}

function contactStep(db: Db, staging: Staging, locked: Locked): Step {
  const identity = openIdentity(db);
  const select = staging.db.prepare('SELECT * FROM contacts ORDER BY jid LIMIT ?');
  const remove = staging.db.prepare('DELETE FROM contacts WHERE jid = ? AND tick = ?');
  const fill = db.prepare(`
    UPDATE main.contacts SET saved_name = coalesce(@saved_name, saved_name),
      push_name = coalesce(@push_name, push_name), business_name = coalesce(@business_name, business_name)
    WHERE id = @id`);
  return (limit) => {
    const rows = select.all(limit) as StagedContact[];
    if (rows.length === 0) return false;
    locked(() => {
      for (const row of rows) {
        const id = identity.contactId(row.jid);
        if (id !== undefined) fill.run({ ...row, id });
      }
    });
    staging.db.transaction(() => rows.forEach((row) => void remove.run(row.jid, row.tick))).immediate();
    return true;
  };
}

function chatStep(db: Db, staging: Staging, locked: Locked, lane: Lane): Step {
  const identity = openIdentity(db);
  const select = staging.db.prepare(`SELECT * FROM chats WHERE ${chatsOf[lane]} ORDER BY jid LIMIT ?`);
  const remove = staging.db.prepare('DELETE FROM chats WHERE jid = ? AND tick = ?');
  // What somebody has read since the phone counted is not unread again.
  const unread =
    lane === 'live'
      ? 'coalesce(@unread_count, unread_count)'
      : 'CASE WHEN last_message_at IS NULL THEN coalesce(@unread_count, unread_count) ELSE min(unread_count, coalesce(@unread_count, unread_count)) END';
  const fill = db.prepare(`
    UPDATE main.chats SET kind = coalesce(@kind, kind), name = coalesce(@name, name),
      parent_jid = coalesce(@parent_jid, parent_jid), unread_count = ${unread},
      archived = coalesce(@archived, archived), pinned_at = coalesce(@pinned_at, pinned_at),
      muted_until = coalesce(@muted_until, muted_until),
      ephemeral_seconds = coalesce(@ephemeral_seconds, ephemeral_seconds),
      last_message_at = nullif(max(coalesce(last_message_at, 0), coalesce(@last_message_at, 0)), 0)
    WHERE id = @id`);
  return (limit) => {
    const rows = select.all(limit) as StagedChat[];
    if (rows.length === 0) return false;
    locked(() => {
      for (const row of rows) {
        const id = identity.chatId(row.jid);
        if (id !== undefined) fill.run({ ...row, id });
      }
    });
    staging.db.transaction(() => rows.forEach((row) => void remove.run(row.jid, row.tick))).immediate();
    return true;
  };
}
