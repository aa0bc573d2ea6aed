import { type DeliveryState, deliveryStates } from '../domain/states.ts';
import type { Db } from './database.ts';
import { openUnread } from './unread.ts';

interface Target {
  seq: number;
  sender: string | null;
  from_me: number;
  timestamp: number;
  type: string;
  content: string;
  starred: number;
  status: string | null;
  edited_at: number | null;
  revoked_at: number | null;
  kind: string;
}

interface ChangeRow {
  kind: string;
  actor: string;
  at: number;
  value: string;
}

/** Brings a stored message up to date with every change known of it; does nothing while the message is not there. */
export type ApplyChanges = (chatId: number, messageId: string) => void;

const rank = (state: string | null): number => {
  const index = deliveryStates.indexOf(state as DeliveryState);
  return index <= deliveryStates.indexOf('played') ? index : -1;
};
const readRank = rank('read');
const seconds = (at: number) => Math.floor(at / 1000);

/** The result depends on the set of changes alone, not on the order in which they came. Call inside a transaction. */
export function changeApplier(db: Db): ApplyChanges {
  const target = db.prepare(`
    SELECT seq, sender, from_me, timestamp, type, content, starred, status, edited_at, revoked_at,
      (SELECT kind FROM chats WHERE id = chat_id) AS kind
    FROM main.messages WHERE chat_id = ? AND id = ?`);
  const changes = db.prepare(`
    SELECT kind, actor, at, value FROM main.changes
    WHERE chat_id = ? AND message_id = ? AND kind IN ('edit', 'revoke', 'star', 'receipt') ORDER BY at, actor, value`);
  const mayWrite = authorCheck(db);
  const unread = openUnread(db);
  const edit = db.prepare('UPDATE main.messages SET content = ?, edited_at = ? WHERE seq = ?');
  const revoke = db.prepare(`
    UPDATE main.messages SET type = 'revoked', content = '', filename = NULL, title = NULL, details = NULL, raw = NULL,
      revoked_at = ?, edited_at = ? WHERE seq = ?`);
  const mark = db.prepare('UPDATE main.messages SET starred = ?, status = ? WHERE seq = ?');

  return (chatId, messageId) => {
    const rows = changes.all(chatId, messageId) as ChangeRow[];
    const message = rows.length > 0 ? (target.get(chatId, messageId) as Target | undefined) : undefined;
    if (!message) return;
    const last = (kind: string) => rows.findLast((row) => row.kind === kind && mayWrite(row, message));
    const revoked = last('revoke');
    const edited = last('edit');
    const editedAt = edited ? seconds(edited.at) : message.edited_at;
    if (revoked) {
      const at = seconds(revoked.at);
      const done = message.revoked_at === at && message.edited_at === editedAt && message.type === 'revoked';
      if (!done) revoke.run(at, editedAt, message.seq);
    } else if (edited && message.type !== 'revoked') {
      if (message.edited_at !== editedAt || message.content !== edited.value) {
        edit.run(edited.value, editedAt, message.seq);
      }
    }
    // Nobody tells us who read what others sent, but the account's own devices do.
    const isRead = message.from_me === 0 && rows.some((row) => row.kind === 'receipt' && rank(row.value) >= readRank);
    if (isRead) unread.readUpto(chatId, message.timestamp);
    const star = last('star');
    const starred = star ? Number(star.value === '1') : message.starred;
    const status =
      message.from_me === 1 && message.kind === 'direct' ? bestStatus(rows, message.status) : message.status;
    if (starred !== message.starred || status !== message.status) mark.run(starred, status, message.seq);
  };
}

/** A delivery state only ever rises. */
function bestStatus(rows: ChangeRow[], current: string | null): string | null {
  const states = rows
    .filter((row) => row.kind === 'receipt' && rank(row.value) > rank(current))
    .map((row) => row.value);
  return states.reduce<string | null>((best, state) => (rank(state) > rank(best) ? state : best), current);
}

/**
 * Only the author may edit or revoke; in a group anyone may seem to revoke, since we do not know its admins. Two addresses
 * of different kinds count as one person until we know better.
 */
function authorCheck(db: Db): (change: ChangeRow, message: Target) => boolean {
  const contact = db.prepare('SELECT contact_id FROM contact_aliases WHERE alias = ?').pluck();
  const server = (jid: string) => jid.slice(jid.indexOf('@'));
  const paired = db
    .prepare(`SELECT pn IS NOT NULL AND lid IS NOT NULL FROM contacts
      WHERE id = (SELECT contact_id FROM contact_aliases WHERE alias = ?)`)
    .pluck();
  return (change, message) => {
    if (change.kind !== 'edit' && change.kind !== 'revoke') return true;
    if (change.kind === 'revoke' && message.kind !== 'direct') return true;
    if (message.sender === null || message.sender === change.actor) return true;
    const author = contact.get(message.sender);
    if (author !== undefined && author === contact.get(change.actor)) return true;
    return server(message.sender) !== server(change.actor) && !paired.get(message.sender) && !paired.get(change.actor);
  };
}
