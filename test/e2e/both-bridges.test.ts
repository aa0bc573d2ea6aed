import { expect, test } from 'vitest';
import '../../src/stdout.ts';
import { BothBridges, type Order, type Tables } from '../support/wire/both-bridges.ts';
import { rowsOfScene, scene, unreadOfScene } from '../support/wire/scene.ts';
import { describeWaBridge } from '../support/wire/wa-bridge.ts';

const column = (tables: Tables, table: string, ...names: string[]) =>
  (tables[table] as Record<string, unknown>[]).map((row) => names.map((name) => row[name]));

/** The result of Node without wa-bridge. */
let alone: Tables | undefined;

async function nodeAlone(): Promise<Tables> {
  const node = await BothBridges.open({ alone: true });
  await node.play(scene);
  await expect.poll(() => column(node.tables(), 'contacts', 'saved_name')).toContainEqual(['Dan Saved']);
  const tables = node.tables();
  await node.close();
  return tables;
}

describeWaBridge('Both bridges on one account and one messages.db', () => {
  test.each<Order>(['baileys', 'whatsmeow'])(
    'keep each message once and whole when %s sees everything first',
    async (order) => {
      alone ??= await nodeAlone();
      const both = await BothBridges.open();
      await both.play(scene, order);
      await expect.poll(() => both.tables(), { timeout: 30_000 }).toEqual(alone);
      const tables = both.tables();
      const rows = column(tables, 'messages', 'id', 'chat').filter(([id]) => !String(id).startsWith('3EB0LAST'));
      expect(rows.toSorted()).toEqual(Object.entries(rowsOfScene).toSorted());
      const unread = Object.fromEntries(column(tables, 'chats', 'jid', 'unread_count'));
      expect(unread).toMatchObject(unreadOfScene);
      await both.close();
    },
    60_000,
  );
});
