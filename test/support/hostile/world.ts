import { MessagesDb, start } from '../rows/messages-db.ts';
import { hostileNames, hostileText, saved } from './texts.ts';

export const wren = '15550100001@s.whatsapp.net';
export const me = '15550100000@s.whatsapp.net';
export const group = '120363000000000001@g.us';
export const community = '120363000000000002@g.us';
export const messageId = 'HOSTILE1';

/** The address of the person with each deceiving name, in the order of the table. */
export const strangers = Object.keys(hostileNames).map((_, index) => `155501001${10 + index}@s.whatsapp.net`);

const details = JSON.stringify({
  media: { mime_type: hostileText, sha256: hostileText },
  link: { url: hostileText, title: hostileText, description: hostileText },
  quoted: { id: 'OTHER', sender: hostileText, type: hostileText, text: hostileText },
  mentions: [hostileText],
  poll: { question: hostileText, options: [hostileText], selectable: 1 },
  contacts: [{ name: hostileText, phone: hostileText }],
  location: { latitude: 1, longitude: 2, name: hostileText, address: hostileText },
  event: { name: hostileText },
  product: { product_id: hostileText, business_jid: hostileText },
  order: { order_id: hostileText, token: hostileText, business_jid: hostileText },
  wire_type: hostileText,
});

/** A store with hostile text in every column that holds other people's text. */
export function hostileWorld(): MessagesDb {
  const world = new MessagesDb();
  const { db } = world;
  db.prepare("INSERT INTO meta (key, value) VALUES ('account_jid', ?)").run(me);
  world.contact(me, { pn: me, push_name: 'Robin Ashdown' });
  world.contact(wren, { pn: wren, saved_name: saved });
  for (const [index, name] of Object.values(hostileNames).entries()) {
    const jid = strangers[index]!;
    world.contact(jid, { pn: jid, push_name: name, business_name: index % 2 ? name : null });
  }
  const lid = '200000000000001@lid';
  world.contact(lid, { lid, saved_name: hostileText, push_name: hostileText, business_name: hostileText });
  world.chat(community, { kind: 'community', name: hostileText });
  const chat = world.chat(group, { name: hostileText, parent_jid: community, unread_count: 3, last_message_at: start });
  fill(world, chat);
  const direct = world.chat(strangers[0]!, { name: hostileText, pn: strangers[0]!, unread_count: 1 });
  world.message(direct, { content: hostileText });
  return world;
}

function fill(world: MessagesDb, chat: number): void {
  const [author] = strangers as [string];
  const texts = { content: hostileText, filename: hostileText, title: hostileText, status: hostileText };
  world.message(chat, { id: messageId, sender: author, quoted_id: 'OTHER', details, ...texts });
  world.message(chat, { id: `${hostileText} id`, sender: author, quoted_id: hostileText, ...texts });
  world.message(chat, { id: 'TYPED', sender: author, type: hostileText, ...texts });
  for (const [index, sender] of strangers.entries()) world.message(chat, { id: `BY${index}`, sender, ...texts });
  for (const kind of ['edit', 'reaction', 'receipt', 'vote']) {
    const value = kind === 'vote' ? JSON.stringify([hostileText]) : hostileText;
    world.change(chat, messageId, kind, author, start * 1000, value);
  }
  world.db
    .prepare(
      `INSERT INTO originals (message_seq, type, content, filename, title, details)
       SELECT seq, 'text', @text, @text, @text, @details FROM messages WHERE id = @id`,
    )
    .run({ text: hostileText, details, id: messageId });
  const member = world.db.prepare('INSERT INTO chat_members (chat_id, member, role, at) VALUES (?, ?, ?, 1)');
  for (const jid of strangers) member.run(chat, jid, 'member');
  world.db
    .prepare(
      `INSERT INTO checkpoints (chat_id, status, oldest_message_id, error, started_at, updated_at)
       VALUES (?, 'failed', ?, ?, 1, 1)`,
    )
    .run(chat, hostileText, hostileText);
}
