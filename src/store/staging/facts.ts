import type { Chat, Contact, LidPair, Member } from '../../domain/chat.ts';
import { isLid, isPn } from '../../domain/jid.ts';
import type { Deletion, MessageChange, WaitingVote } from '../../domain/message.ts';
import { listWord } from '../rights/words.ts';
import { rule } from '../sqlite/rules.ts';
import type { Lane, Staging } from './staging.ts';

/** Writes chats, people, address pairs and changes into staging.db; call inside a transaction. */
export interface FactStager {
  chat(chat: Chat, lane: Lane, tick: number): void;
  contact(contact: Contact, tick: number): void;
  member(member: Member, tick: number): void;
  pair(pair: LidPair, tick: number): void;
  change(change: MessageChange, lane: Lane): void;
  deletion(deletion: Deletion): void;
  waitingVote(vote: WaitingVote): void;
  /** Votes that wait for this poll. */
  waitingVotes(pollId: string): WaitingVote[];
  /** Call when the poll has arrived and its waiting votes were read. */
  pollRead(pollId: string): void;
}

const chatFacts = ['kind', 'name', 'parent_jid', 'archived', 'pinned_at', 'muted_until', 'ephemeral_seconds'] as const;

const columns = ['last_message_at', 'unread_count', 'unread_at', 'read_upto', 'members_at', 'cleared_at', ...chatFacts];

const highest = (column: string) =>
  `${column} = max(coalesce(${column}, excluded.${column}), coalesce(excluded.${column}, ${column}))`;
const newest = (column: string) => `${column} = coalesce(excluded.${column}, ${column})`;

/** Its twin among the rules of messages.db is `note_word`; a staged fact also has its tick. */
const noteWord = (): string => `
  INSERT INTO member_words (chat_jid, member, told, role, period, first_at, last_at, tick)
  VALUES (@chat_jid, @member, @told, @role, ${rule('word_period')}, @at, @at, @tick)
  ON CONFLICT (chat_jid, member, told, role, period) DO UPDATE SET first_at = min(first_at, excluded.first_at),
    last_at = max(last_at, excluded.last_at), tick = excluded.tick
  WHERE excluded.first_at < first_at OR excluded.last_at > last_at`;

export function factStager({ db }: Staging): FactStager {
  const chat = db.prepare(`
    INSERT INTO chats (jid, tick, lane, ${columns.join(', ')})
    VALUES (@jid, @tick, @lane, ${columns.map((name) => `@${name}`).join(', ')})
    ON CONFLICT (jid) DO UPDATE SET tick = excluded.tick,
      lane = CASE WHEN 'live' IN (lane, excluded.lane) THEN 'live' ELSE 'history' END,
      unread_count = CASE WHEN excluded.unread_at >= coalesce(unread_at, 0) THEN excluded.unread_count ELSE unread_count END,
      ${['last_message_at', 'unread_at', 'read_upto', 'members_at', 'cleared_at'].map(highest).join(', ')},
      ${chatFacts.map(newest).join(', ')}`);
  const contact = db.prepare(`
    INSERT INTO contacts (jid, tick, saved_name, push_name, business_name)
    VALUES (@jid, @tick, @saved_name, @push_name, @business_name)
    ON CONFLICT (jid) DO UPDATE SET tick = excluded.tick,
      ${['saved_name', 'push_name', 'business_name'].map(newest).join(', ')}`);
  const word = db.prepare(noteWord());
  // The last pair counts. A pair is new again after another pair took one of its addresses.
  const pair = db.prepare(`
    INSERT INTO lid_pairs (lid, pn, tick) VALUES (@lid, @pn, @tick)
    ON CONFLICT (lid, pn) DO UPDATE SET tick = excluded.tick WHERE EXISTS (
      SELECT 1 FROM lid_pairs AS p WHERE p.lid = excluded.lid AND p.tick > lid_pairs.tick
      UNION ALL SELECT 1 FROM lid_pairs AS p WHERE p.pn = excluded.pn AND p.tick > lid_pairs.tick)`);
  const change = db.prepare(`
    INSERT INTO changes (lane, chat_jid, message_id, kind, actor, at, value)
    VALUES (@lane, @chatJid, @messageId, @kind, @actor, @at, @value)
    ON CONFLICT (chat_jid, message_id, kind, actor, at) DO NOTHING`);
  const stager: FactStager = {
    chat: (row, lane, tick) => {
      chat.run({ ...chatColumns(row), lane, tick });
      if (row.membersAt !== undefined) word.run({ ...listWord(row.membersAt), chat_jid: row.jid, tick });
      pairOf(row, (found) => stager.pair(found, tick));
    },
    contact: (row, tick) => {
      contact.run({
        jid: row.jid,
        tick,
        saved_name: row.savedName || null,
        push_name: row.pushName || null,
        business_name: row.businessName || null,
      });
      pairOf(row, (found) => stager.pair(found, tick));
    },
    member: ({ chatJid, ...row }, tick) => void word.run({ told: 'word', ...row, chat_jid: chatJid, tick }),
    pair: (row, tick) => void (isLid(row.lid) && isPn(row.pn) && pair.run({ ...row, tick })),
    change: (row, lane) => void change.run({ ...row, at: Math.trunc(row.at) || 0, lane }),
    ...waitingFacts(db),
  };
  return stager;
}

/** Facts about messages that may not have arrived yet. */
function waitingFacts(db: Staging['db']): Pick<FactStager, 'deletion' | 'waitingVote' | 'waitingVotes' | 'pollRead'> {
  const deletion = db.prepare(`
    INSERT INTO deletions (chat_jid, message_id, at) VALUES (@chatJid, @messageId, @at)
    ON CONFLICT (chat_jid, message_id) DO NOTHING`);
  const waiting = db.prepare(`
    INSERT INTO waiting_votes (poll_id, chat_jid, id, info) VALUES (@pollId, @chatJid, @id, @info)
    ON CONFLICT (poll_id, chat_jid, id) DO NOTHING`);
  const votes = db.prepare<[string], WaitingVote>(
    'SELECT poll_id AS pollId, chat_jid AS chatJid, id, info FROM waiting_votes WHERE poll_id = ? ORDER BY id',
  );
  const forget = db.prepare('DELETE FROM waiting_votes WHERE poll_id = ?');
  return {
    waitingVote: (vote) => void waiting.run(vote),
    waitingVotes: (pollId) => votes.all(pollId),
    pollRead: (pollId) => void forget.run(pollId),
    deletion: (row) => void deletion.run({ ...row, at: Math.trunc(row.at) || 0 }),
  };
}

/** A chat or contact with both addresses is also a pair. */
function pairOf(row: { jid: string; pn?: string; lid?: string }, take: (pair: LidPair) => void): void {
  const pn = row.pn ?? (isPn(row.jid) ? row.jid : undefined);
  const lid = row.lid ?? (isLid(row.jid) ? row.jid : undefined);
  if (pn && lid) take({ pn, lid });
}

function chatColumns(chat: Chat) {
  return {
    jid: chat.jid,
    kind: chat.kind ?? null,
    name: chat.name || null,
    parent_jid: chat.parentJid ?? null,
    unread_count: chat.unreadCount ?? null,
    unread_at: chat.unreadCount === undefined ? null : (chat.unreadAt ?? chat.lastMessageAt ?? 0),
    read_upto: chat.readUpto ?? null,
    members_at: chat.membersAt ?? null,
    cleared_at: chat.clearedAt ?? null,
    archived: chat.archived === undefined ? null : Number(chat.archived),
    pinned_at: chat.pinnedAt ?? null,
    muted_until: chat.mutedUntil ?? null,
    ephemeral_seconds: chat.ephemeralSeconds ?? null,
    last_message_at: chat.lastMessageAt ?? null,
  };
}
