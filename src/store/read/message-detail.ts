import { normalizeJid } from '../../domain/jid.ts';
import type { ChangeKind, MessageDetails, PlainValues } from '../../domain/message.ts';
import { iso, isoFromMs, isoOrNull } from '../../domain/time.ts';
import type { ContactDirectory } from '../names/contact-directory.ts';
import type { MessageDetail } from '../reader.ts';
import type { Db } from '../sqlite/database.ts';
import { readState } from '../write/unread.ts';
import { editsOf } from './edits.ts';
import { knownType, type MessageRow, type MessageRows, parseDetails } from './message-rows.ts';

interface Change {
  kind: ChangeKind;
  actor: string;
  at: number;
  value: string;
}

/** A message with all its changes; `chatIds` are all rows of its chat. */
export function messageDetail(
  db: Db,
  rows: MessageRows,
  contacts: ContactDirectory,
  row: MessageRow,
  chatIds: readonly number[],
): MessageDetail {
  const changes = db
    .prepare<[string, string], Change>(
      `SELECT kind, actor, at, value FROM changes
       WHERE chat_id IN (SELECT value FROM json_each(?)) AND message_id = ? ORDER BY at`,
    )
    .all(JSON.stringify(chatIds), row.id);
  const details = parseDetails(row.details);
  const author = rows.author(row);
  const latest = (kind: ChangeKind) => latestByPerson(changes, kind, contacts);
  return {
    ...asStored(row),
    ...rows.view(row),
    sender_jids: { pn: author?.pn ?? null, lid: author?.lid ?? null },
    quoted: quotedBy(rows, contacts, row, chatIds),
    edits: editsOf(db, row, changes),
    reactions: latest('reaction')
      .filter(({ value }) => value !== '')
      .map(({ actor, at, value }) => ({ sender: actor.jid, sender_name: actor.name, emoji: value, at: isoFromMs(at) })),
    receipts: latest('receipt').map(({ actor, at, value }) => ({
      recipient: actor.jid,
      status: value,
      at: isoFromMs(at),
    })),
    poll: details?.poll
      ? { question: details.poll.question, options: countVotes(details.poll.options, latest('vote')) }
      : null,
    details: details && shownDetails(details),
    starred: row.starred === 1,
    forwarded: row.forwarded === 1,
    view_once: row.view_once === 1,
    expires_at: isoOrNull(row.expires_at),
    revoked_at: isoOrNull(row.revoked_at),
    read: row.from_me === 1 ? null : isRead(db, row),
  };
}

/** The same with the start of an event as a time; one that another writer stored otherwise is left out. */
function shownDetails({ event, ...details }: MessageDetails): MessageDetail['details'] {
  if (!event) return details;
  const { starts_at, ...named } = event;
  return { ...details, event: { ...named, ...(typeof starts_at === 'number' && { starts_at: iso(starts_at) }) } };
}

/** The columns that need no other form. What a tool shows is in its own schema. */
function asStored(row: MessageRow): PlainValues {
  const { seq, chat_id, wire_chat, edited_at, revoked_at, ...delivered } = row;
  const { sender, from_me, title, forwarded, view_once, starred, expires_at, details, ...rest } = delivered;
  return rest;
}

function isRead(db: Db, row: MessageRow): boolean | null {
  const state = db.prepare<[object], number | null>(`SELECT ${readState()} FROM chats WHERE id = @id`).pluck();
  const read = state.get({ time: row.timestamp, id: row.chat_id }) ?? null;
  return read === null ? null : read === 1;
}

/** The latest change of each person, under either address. */
function latestByPerson(changes: readonly Change[], kind: ChangeKind, contacts: ContactDirectory) {
  const latest = new Map<string, { actor: ReturnType<ContactDirectory['find']>; at: number; value: string }>();
  for (const change of changes) {
    if (change.kind !== kind) continue;
    const actor = contacts.find(change.actor);
    latest.delete(actor.jid);
    latest.set(actor.jid, { actor, at: change.at, value: change.value });
  }
  return [...latest.values()];
}

function countVotes(options: readonly string[], votes: readonly { value: string }[]) {
  const chosen = votes.map(({ value }) => parseVote(value));
  return options.map((name) => ({ name, votes: chosen.filter((names) => names.includes(name)).length }));
}

function parseVote(value: string): unknown[] {
  try {
    const names: unknown = JSON.parse(value);
    return Array.isArray(names) ? names : [];
  } catch {
    return [];
  }
}

/**
 * The quoted message from the store, because the sender of an answer can put any text into the copy inside it.
 * Falls back to that copy, marked as unverified; null for a message that quotes nothing.
 */
function quotedBy(
  rows: MessageRows,
  contacts: ContactDirectory,
  row: MessageRow,
  chatIds: readonly number[],
): MessageDetail['quoted'] {
  const copy = parseDetails(row.details)?.quoted;
  const id = row.quoted_id ?? copy?.id;
  if (id === undefined) return null;
  const [stored] = rows.byId(id, chatIds);
  if (!stored) return copy ? unverified(copy, contacts) : { id };
  const author = rows.author(stored);
  const sender = author ? { sender: author.jid } : {};
  return { id, ...sender, type: knownType(stored.type), text: stored.content };
}

/** The quoted message as the answer copied it, without the author when that is not a person's address. */
function unverified(copy: Quoted, contacts: ContactDirectory): MessageDetail['quoted'] {
  const { id, sender, type, text } = copy;
  const author = isPerson(sender) ? { sender: contacts.find(sender).jid } : {};
  return {
    ...{ id: String(id), ...author },
    ...(type !== undefined && { type: knownType(type) }),
    ...(typeof text === 'string' && { text }),
    unverified: true,
  };
}

type Quoted = NonNullable<MessageDetails['quoted']>;

const isPerson = (address: string | undefined): address is string =>
  typeof address === 'string' && /^\d+@(s\.whatsapp\.net|lid)$/.test(normalizeJid(address) ?? '');
