import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MessagesDb } from '../../support/rows/messages-db.ts';

const me = { pn: '15550100@s.whatsapp.net', lid: '200000000000000@lid' };
const ana = '15550101@s.whatsapp.net';
const james = '15550102@s.whatsapp.net';

let db: MessagesDb;
let direct: number;
beforeEach(() => {
  db = new MessagesDb();
  db.db.prepare("INSERT INTO meta VALUES ('account_jid', ?), ('account_lid', ?)").run(me.pn, me.lid);
  db.contact(me.pn, { ...me, push_name: 'Margaret' });
  db.contact(ana, { pn: ana, saved_name: 'Ána María Núñez', push_name: 'anka' });
  db.contact(james, { pn: james, saved_name: 'James Young' });
  const group = db.chat('120363000000000001@g.us');
  direct = db.chat(ana, { pn: ana });
  db.message(group, { id: 'GROUP-MINE', sender: me.pn, from_me: 1 });
  db.message(group, { id: 'GROUP-JAMES', sender: james });
  db.message(direct, { id: 'MINE', sender: null, from_me: 1 });
  db.message(direct, { id: 'ANA', sender: null });
});
afterEach(() => db.close());

const mine = ['MINE', 'GROUP-MINE'];

describe.each([
  ['read from messages.db', (): unknown => undefined],
  ['indexed', (): unknown => db.index.indexNew(db.db)],
] as const)('%s: a sender', (_, prepare) => {
  beforeEach(() => {
    prepare();
  });

  test.each(['me', 'Me', 'you', 'You', ' YOU ', me.pn, me.lid, '+1 555 0100', 'margaret', 'margraet'])(
    '"%s" is the account itself, in groups and in direct chats',
    (sender) => expect(db.found({ sender })).toEqual(mine),
  );

  test.each([
    ['nunez ana', ['ANA']],
    ['anka', ['ANA']],
    ['young', ['GROUP-JAMES']],
    ['ames', ['GROUP-JAMES']],
    ['jmaes', ['GROUP-JAMES']],
    ['+1 555-0102', ['GROUP-JAMES']],
    ['nobody', []],
  ])('"%s" is found as a person is', (sender, ids) => expect(db.found({ sender })).toEqual(ids));

  test('of the account and other filters hold together', () => {
    expect(db.found({ sender: 'me', chat_jid: ana })).toEqual(['MINE']);
    expect(db.found({ sender: 'me', from_me: false })).toEqual([]);
    expect(db.query({ sender: 'me' })).toMatchObject({ total: 2, total_is_exact: true });
  });

  test('with the name of the account and of another person is both', () => {
    db.contact('15550103@s.whatsapp.net', { saved_name: 'Margaret Hill' });
    db.message(direct, { id: 'HILL', sender: '15550103@s.whatsapp.net' });
    prepare();
    expect(db.found({ sender: 'margaret' })).toEqual(['HILL', ...mine]);
  });

  test('with a typo is taken only where no name fits better', () => {
    db.contact('15550104@s.whatsapp.net', { saved_name: 'Jmaes' });
    db.message(direct, { id: 'OTHER', sender: '15550104@s.whatsapp.net' });
    prepare();
    expect(db.found({ sender: 'jmaes' })).toEqual(['OTHER']);
  });
});

test('"me" is the account where its address is not known either', () => {
  db.db.exec("DELETE FROM meta WHERE key LIKE 'account%'");
  expect(db.found({ sender: 'me' })).toEqual(mine);
});
