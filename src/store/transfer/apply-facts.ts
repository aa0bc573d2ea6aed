import type { LidPair } from '../../domain/chat.ts';
import type { ChatKind } from '../../domain/jid.ts';
import type { Deletion } from '../../domain/message.ts';
import type { MemberWord } from '../rights/words.ts';
import type { Db } from '../sqlite/database.ts';
import { rule } from '../sqlite/rules.ts';
import type { Lane, Staging } from '../staging/staging.ts';
import { openConflictSettler } from '../write/conflicts.ts';
import { type ContactNameSource, openNameRecorder } from '../write/contact-names.ts';
import { openDeletionApplier } from '../write/deletions.ts';
import { openIdentity } from '../write/identity.ts';
import { openRedecision } from '../write/redecide.ts';
import { openUnread } from '../write/unread.ts';

/** Copies staged address pairs, people and chats into messages.db. Repeating it changes nothing. */
export interface FactApplier {
  /** One transaction with at most `limit` facts; false when none were left. */
  step(limit: number): boolean;
}

interface StagedChat {
  jid: string;
  tick: number;
  kind: ChatKind | null;
  name: string | null;
  parent_jid: string | null;
  unread_count: number | null;
  unread_at: number | null;
  read_upto: number | null;
  members_at: number | null;
  cleared_at: number | null;
  archived: number | null;
  pinned_at: number | null;
  muted_until: number | null;
  ephemeral_seconds: number | null;
  last_message_at: number | null;
}

interface StagedContact extends ContactNameSource {
  tick: number;
}

interface StagedWords extends Omit<MemberWord, 'at'> {
  chat_jid: string;
  period: number;
  first_at: number;
  last_at: number;
  tick: number;
}

/** A live pass takes facts about chats that are stored or that it adds; a history pass takes all. */
const chatsOf = {
  history: '1',
  live: `(lane = 'live' OR jid IN (SELECT alias FROM main.chat_aliases)
    OR jid IN (SELECT DISTINCT chat_jid FROM staging.messages WHERE lane = 'live'))`,
};

/**
 * `lock` takes the write lock of messages.db and begins each transaction. `isFirst`: messages.db has not seen this
 * staging.db before, so pairs copied elsewhere count as new.
 */
export function factApplier(db: Db, staging: Staging, lane: Lane, lock: () => void, isFirst: boolean): FactApplier {
  const locked = db.transaction((work: () => void) => {
    lock();
    work();
  });
  const pairs = pairStep(db, staging, locked, isFirst);
  const contacts = contactStep(db, staging, locked);
  const chats = chatStep(db, staging, locked, lane);
  const members = memberStep(db, staging, locked, lane);
  const deletions = deletionStep(db, staging, locked);
  return { step: (limit) => pairs(limit) || contacts(limit) || chats(limit) || members(limit) || deletions(limit) };
}

type Step = (limit: number) => boolean;

type Locked = (work: () => void) => void;

function pairStep(db: Db, staging: Staging, locked: Locked, isFirst: boolean): Step {
  const identity = openIdentity(db);
  const settleConflicts = openConflictSettler(db);
  const redecide = openRedecision(db);
  const hiding = openDeletionApplier(db);
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
      const learned = new Set(rows.flatMap((row) => identity.learnPair(row)));
      settleConflicts();
      redecide.people(learned);
      hiding.apply();
    });
    // The last tick may have more pairs than the limit. It counts as copied once a later tick begins or none is left.
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
  const fill = db.prepare(rule('update_contact'));
  const note = openNameRecorder(db);
  return (limit) => {
    const rows = select.all(limit) as StagedContact[];
    if (rows.length === 0) return false;
    locked(() => {
      for (const row of rows) {
        const id = identity.contactId(row.jid);
        if (id === undefined) continue;
        fill.run({ ...row, id });
        note(row);
      }
    });
    staging.db.transaction(() => rows.forEach((row) => void remove.run(row.jid, row.tick))).immediate();
    return true;
  };
}

function chatStep(db: Db, staging: Staging, locked: Locked, lane: Lane): Step {
  const identity = openIdentity(db);
  const unread = openUnread(db);
  const select = db.prepare(`SELECT * FROM staging.chats WHERE ${chatsOf[lane]} ORDER BY jid LIMIT ?`);
  const remove = staging.db.prepare('DELETE FROM chats WHERE jid = ? AND tick = ?');
  const fill = db.prepare(rule('update_chat'));
  return (limit) => {
    const rows = select.all(limit) as StagedChat[];
    if (rows.length === 0) return false;
    locked(() => {
      for (const row of rows) {
        const id = identity.chatId(row.jid);
        if (id === undefined) continue;
        fill.run({ ...row, id });
        unread.count(id);
      }
    });
    staging.db.transaction(() => rows.forEach((row) => void remove.run(row.jid, row.tick))).immediate();
    return true;
  };
}

function memberStep(db: Db, staging: Staging, locked: Locked, lane: Lane): Step {
  const identity = openIdentity(db);
  const known = lane === 'history' ? '1' : 'chat_jid IN (SELECT alias FROM main.chat_aliases)';
  const select = db.prepare(`
    SELECT * FROM staging.member_words WHERE ${known} ORDER BY chat_jid, member, last_at, tick LIMIT ?`);
  const remove = staging.db.prepare(`
    DELETE FROM member_words WHERE chat_jid = @chat_jid AND member = @member AND told = @told AND role = @role
      AND period = @period AND tick = @tick`);
  const set = db.prepare(rule('set_member'));
  const note = db.prepare(rule('note_word'));
  const redecide = openRedecision(db);
  const take = ({ first_at, last_at, ...word }: StagedWords, id: number): void => {
    let news = 0;
    for (const at of new Set([first_at, last_at])) {
      if (word.member !== '') set.run({ ...word, chat_id: id, at });
      news += note.run({ ...word, chat_id: id, at }).changes;
    }
    if (news > 0) redecide.member(id, word.member);
  };
  return (limit) => {
    const rows = select.all(limit) as StagedWords[];
    if (rows.length === 0) return false;
    locked(() => {
      for (const row of rows) {
        const id = identity.chatId(row.chat_jid);
        if (id !== undefined) take(row, id);
      }
    });
    staging.db.transaction(() => rows.forEach((row) => void remove.run(row))).immediate();
    return true;
  };
}

function deletionStep(db: Db, staging: Staging, locked: Locked): Step {
  const hiding = openDeletionApplier(db);
  const select = staging.db.prepare('SELECT chat_jid AS chatJid, message_id AS messageId, at FROM deletions LIMIT ?');
  const remove = staging.db.prepare('DELETE FROM deletions WHERE chat_jid = @chatJid AND message_id = @messageId');
  return (limit) => {
    const rows = select.all(limit) as Deletion[];
    if (rows.length === 0) return false;
    locked(() => rows.forEach((row) => void hiding.record(row)));
    staging.db.transaction(() => rows.forEach((row) => void remove.run(row))).immediate();
    return true;
  };
}
