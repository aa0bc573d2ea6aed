import { expect, test } from 'vitest';
import type { Answer } from '../../support/e2e/client.ts';
import { messagesOf, serveLinked, until } from '../../support/e2e/live.ts';
import { startWorld } from '../../support/e2e/simulator.ts';
import { sceneOf } from '../../support/wire/live-scene.ts';

test('A wrong pair of addresses is taken back when WhatsApp tells the right one, with nothing lost', async () => {
  const simulator = await startWorld({ messages: 150 });
  const server = await serveLinked(simulator);
  const { pn, lid, group, members } = sceneOf(simulator);
  const other =
    simulator.world.people.find(({ pn: number, business }) => number && number !== pn && !business)?.pn ?? '';
  const said = async (chat: string) =>
    // Ordered by id: messages of one second have no other known order.
    messagesOf(await server.call('list_messages', { chat_jid: chat, limit: 500 }))
      .map(({ id }) => String(id))
      .sort();
  const total = async () => (await server.call('get_message_statistics'))['total_messages'] as number;
  const personIs = (who: string, number: string) =>
    until(server, 'get_contact', { contact: who }, ({ contact }) => (contact as Answer)['pn'] === number);
  const arrived = (word: string) =>
    until(server, 'query_synced_messages', { content: word }, ({ total: found }) => found === 1);

  const mine = [await simulator.sendText('by number firstword', { from: pn })];
  mine.push(await simulator.sendText('by hidden identity secondword', { from: pn, addressing: 'lid' }));
  await simulator.sendText('of somebody else thirdword', { from: other });
  for (const word of ['firstword', 'secondword', 'thirdword']) await arrived(word);
  const before = { mine: await said(pn), theirs: await said(other), total: await total() };
  expect(before.mine).toEqual(expect.arrayContaining(mine));

  simulator.changeGroup(group, members[0], { kind: 'promote', members: [lid], numbers: { [lid]: other } });
  await personIs(lid, other);
  const meanwhile = await simulator.sendText('while they were mixed up fourthword', { from: other });
  await arrived('fourthword');
  expect(await total()).toBe(before.total + 1);

  simulator.changeGroup(group, members[0], { kind: 'promote', members: [lid], numbers: { [lid]: pn } });
  await personIs(lid, pn);
  await until(
    server,
    'list_messages',
    { chat_jid: pn, limit: 500 },
    (answer) => messagesOf(answer).length === before.mine.length,
  );
  expect(await said(pn)).toEqual(before.mine);
  expect(await said(lid)).toEqual(before.mine);
  expect(await said(other)).toEqual([meanwhile, ...before.theirs].sort());
  expect(await total()).toBe(before.total + 1);
  for (const form of [pn, lid]) {
    expect(await server.call('query_synced_messages', { sender: form, content: 'secondword' })).toMatchObject({
      total: 1,
      messages: [{ id: mine[1], chat_jid: pn }],
    });
  }
}, 300_000);
