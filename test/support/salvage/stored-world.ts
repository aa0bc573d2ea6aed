import { join } from 'node:path';
import Database from 'better-sqlite3';
import { type Db, migrate } from '../../../src/store/sqlite/database.ts';
import { seeded } from '../random.ts';

/** The size of the invented account. */
export interface WorldSize {
  messages: number;
  chats: number;
}

const chatJid = (n: number): string =>
  n % 5 === 0 ? `120363000000${1000 + n}@g.us` : `1555010${1000 + n}@s.whatsapp.net`;

/**
 * A messages.db with rows in every table: texts short, long and beyond a page, attachments with overflow pages, gaps,
 * merged chats and freed pages. Its log is copied into it.
 */
export function storeWorld(folder: string, { messages, chats }: WorldSize, seed = 1): string {
  const path = join(folder, 'messages.db');
  const db = new Database(path);
  db.pragma('journal_mode = WAL');
  migrate(db as Db);
  const random = seeded(seed);
  db.transaction(() => {
    fillChats(db, chats);
    fillMessages(db, messages, chats, random);
    fillRest(db, messages, chats);
  })();
  db.exec('DELETE FROM search_log WHERE seq % 3 = 0');
  db.pragma('wal_checkpoint(TRUNCATE)');
  db.close();
  return path;
}

function fillChats(db: Database.Database, chats: number): void {
  const chat = db.prepare('INSERT INTO chats (jid, kind, name, merge_note) VALUES (?, ?, ?, ?)');
  const contact = db.prepare('INSERT INTO contacts (jid, saved_name, push_name) VALUES (?, ?, ?)');
  for (let n = 1; n <= chats; n++) {
    const jid = chatJid(n);
    chat.run(jid, jid.endsWith('g.us') ? 'group' : 'direct', `Chat ${n}`, n % 7 === 0 ? '{"kept":1}' : null);
    contact.run(`1555010${1000 + n}@s.whatsapp.net`, `Person ${n}`, n % 2 === 0 ? `P${n}` : null);
  }
  db.exec(`INSERT INTO chat_aliases SELECT jid, id FROM chats;
    INSERT INTO contact_aliases SELECT jid, id FROM contacts;
    UPDATE chats SET merged_into = 1 WHERE id = 3;
    UPDATE chat_aliases SET chat_id = 1 WHERE chat_id = 3;
    INSERT INTO contact_names SELECT jid, saved_name, push_name, business_name FROM contacts;
    INSERT INTO chat_members SELECT c.id, p.jid, 'member', 5 FROM chats c, contacts p WHERE c.kind = 'group';
    INSERT INTO member_words SELECT chat_id, member, 'list', role, 0, at, at + 9 FROM chat_members;
    INSERT INTO member_words SELECT chat_id, member, 'promote', 'admin', 7, 7, 7 FROM chat_members WHERE chat_id % 2 = 0`);
}

function fillMessages(db: Database.Database, messages: number, chats: number, random: () => number): void {
  const insert =
    db.prepare(`INSERT INTO messages (chat_id, id, timestamp, sender, from_me, type, content, details, raw, source)
    VALUES (?, ?, ?, ?, ?, 'text', ?, ?, ?, ?)`);
  for (let n = 1; n <= messages; n++) {
    const size = random() < 0.03 ? 9000 : random() < 0.2 ? 700 : 40;
    const raw = random() < 0.1 ? Buffer.alloc(Math.floor(random() * 12_000), n) : null;
    const details = random() < 0.3 ? JSON.stringify({ mentions: [`P${n}`] }) : null;
    const chat = 1 + Math.floor(random() * chats);
    const text = `message ${n} ${'lörem ipsum '.repeat(size / 12)}`;
    const id = `3EB0${n.toString(16).padStart(12, '0')}`;
    insert.run(
      chat,
      id,
      1_700_000_000 + n,
      chatJid(chat),
      n % 2,
      text,
      details,
      raw,
      n % 3 === 0 ? 'whatsmeow' : 'baileys',
    );
  }
}

function fillRest(db: Database.Database, messages: number, chats: number): void {
  db.exec(`INSERT INTO changes (chat_id, message_id, kind, actor, at, value)
      SELECT chat_id, id, 'reaction', coalesce(sender, ''), timestamp * 1000, '👍' FROM messages WHERE seq % 2 = 0;
    INSERT INTO conflicts (chat_id, id, timestamp, sender, content, source)
      SELECT chat_id, id, timestamp, 'other', content, source FROM messages WHERE seq % 50 = 0;
    INSERT INTO checkpoints (chat_id, status, started_at, updated_at) SELECT id, 'completed', 1, 2 FROM chats;
    INSERT INTO watermarks (generation, lane) VALUES ('first', 'history'), ('first', 'live');
    INSERT INTO deletions SELECT id, 'x@s.whatsapp.net', 7 FROM messages WHERE seq % 20 = 0;
    INSERT OR REPLACE INTO meta VALUES ('account_jid', '15550100000@s.whatsapp.net');
    INSERT INTO originals (message_seq, type, content, details, raw, edited_at)
      SELECT seq, type, content, details, raw, NULL FROM messages WHERE seq % 11 = 0;
    UPDATE messages SET edited_at = timestamp + 9, content = content || ' (edited)' WHERE seq % 11 = 0;
    INSERT INTO search_log (message_seq) SELECT seq FROM messages WHERE seq <= ${Math.min(messages, chats * 10)}`);
}
