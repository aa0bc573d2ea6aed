import { expect, test } from 'vitest';
import { openStoredLookup } from '../../src/store/read/stored-lookup.ts';
import { ada, ben, me, message, openBed } from './fixtures.ts';

const mismatch = { code: 'account_mismatch', message: expect.stringContaining('another WhatsApp account') };

/** messages.db of one account with one message; staging.db is new and has no account. */
async function storeOf(account: { jid: string; lid: string | null }) {
  const bed = openBed({ storedAccount: () => lookup.account() });
  const lookup = openStoredLookup(bed.paths.messages);
  bed.sink.onLinked(account);
  bed.stage([message({ chatJid: ada.pn })]);
  await bed.run();
  bed.staging.db.exec("DELETE FROM meta WHERE key <> 'generation'; DELETE FROM lid_pairs;");
  return { bed, lookup };
}

test('messages.db records its account, for a new staging.db and for other programs', async () => {
  const { bed, lookup } = await storeOf(me);
  expect(bed.rows("SELECT key, value FROM meta WHERE key LIKE 'account%' ORDER BY key")).toEqual([
    { key: 'account_jid', value: me.jid },
    { key: 'account_lid', value: me.lid },
  ]);
  expect(lookup.account()).toBe(me.jid);
  lookup.close();
  expect(openStoredLookup(`${bed.paths.messages}.missing`).account()).toBeUndefined();
});

test('another account is refused although staging.db has none, and the same one continues', async () => {
  const { bed, lookup } = await storeOf(me);
  expect(() => bed.sink.onLinked({ jid: ben.pn, lid: ben.lid })).toThrow(expect.objectContaining(mismatch));
  expect(bed.staging.readMeta('account_jid')).toBeUndefined();
  bed.sink.onLinked(me);
  bed.stage([message({ id: 'A1' })]);
  expect(await bed.run()).toMatchObject({ messages_synced: 1 });
  lookup.close();
});

test('staged rows of another account are not copied', async () => {
  const { bed, lookup } = await storeOf(me);
  bed.staging.writeMeta('account_jid', ben.pn);
  bed.stage([message({ id: 'A1' })]);
  await expect(bed.run()).rejects.toMatchObject(mismatch);
  await expect(bed.run('live')).rejects.toMatchObject(mismatch);
  expect(bed.rows('SELECT id FROM messages')).toEqual([{ id: 'A0' }]);
  lookup.close();
});
