import { afterAll, beforeAll, expect, test } from 'vitest';
import { canary } from '../support/hostile/texts.ts';
import { hostileWorld } from '../support/hostile/world.ts';
import type { MessagesDb } from '../support/rows/messages-db.ts';

let world: MessagesDb;
beforeAll(() => {
  world = hostileWorld();
});
afterAll(() => world.close());

/** Columns that hold addresses, closed vocabularies or internal data, and tables that no tool shows. */
const ours = new Set(
  [
    'chats.jid chats.kind chats.pn chats.lid chats.parent_jid chats.merge_note chats.separating',
    'contacts.jid contacts.pn contacts.lid messages.wire_chat messages.sender messages.source',
    'changes.message_id changes.kind changes.actor changes.wire_chat chat_members.member chat_members.role',
    'checkpoints.status chat_aliases.alias contact_aliases.alias originals.type',
    'member_words.member member_words.told member_words.role',
  ].flatMap((line) => line.split(' ')),
);
const unseen = ['meta', 'conflicts', 'watermarks', 'contact_names', 'deletions', 'search_log'];

test("The hostile world has hostile text in every column that takes other people's text", () => {
  const { db } = world;
  const columns = db
    .prepare<[], { place: string; found: string }>(
      `SELECT t.name || '.' || c.name AS place, t.name AS found FROM sqlite_schema AS t, pragma_table_info(t.name) AS c
       WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND c.type = 'TEXT'`,
    )
    .all()
    .filter(({ place, found }) => !ours.has(place) && !unseen.includes(found))
    .map(({ place }) => place);
  expect(columns.length).toBeGreaterThan(12);
  const harmless = columns.filter((place) => {
    const [table, column] = place.split('.');
    return db.prepare(`SELECT 1 FROM ${table} WHERE instr(${column}, ?) > 0`).get(canary) === undefined;
  });
  expect(harmless).toEqual([]);
});
